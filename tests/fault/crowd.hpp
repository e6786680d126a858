// Many connections to one server, which stay.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace reprise::fault {

class crowd {
 public:
  explicit crowd(std::uint16_t port) : port_(port) {}
  ~crowd() { leave(); }
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;

  // Connects `count` times and sends the beginning of a request. Gives how many were let in.
  std::size_t hesitate(std::size_t count);
  // Connects `count` times, one request each, which ends. Gives how many were answered 200.
  std::size_t enter(std::size_t count);
  // One more request of each: how many were answered 200.
  std::size_t ask_all() const;
  void leave();

 private:
  bool connect_and_send(std::string_view bytes);

  const std::uint16_t port_;
  std::vector<int> sockets_;
};

}  // namespace reprise::fault
