// Many connections to one server that stay open.

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

  // Connects `count` times and sends the start of a request. Returns how many were accepted.
  std::size_t hesitate(std::size_t count);
  // Connects `count` times, with one complete request each. Returns how many were answered 200.
  std::size_t enter(std::size_t count);
  // Sends one more request on each; returns how many were answered 200.
  std::size_t ask_all() const;
  void leave();

 private:
  bool connect_and_send(std::string_view bytes);

  const std::uint16_t port_;
  std::vector<int> sockets_;
};

}  // namespace reprise::fault
