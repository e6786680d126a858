// A reply that is complete at once instead of later: any time that a stream waits for is over
// before it has finished saying what it waits for.

#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>

#include "gateway/wire/http_message.hpp"

namespace reprise::gateway_test {

class hasty_reply {
 public:
  gateway::reply to() const { return gateway::reply(slot_); }
  gateway::http_response told() { return slot_->answer.get_future().get(); }

 private:
  struct slot : gateway::reply::slot {
    void send(gateway::http_response&& o) override { answer.set_value(std::move(o)); }
    void call_after(std::chrono::milliseconds, std::function<void()> f) override { f(); }
    std::promise<gateway::http_response> answer;
  };
  const std::shared_ptr<slot> slot_ = std::make_shared<slot>();
};

}  // namespace reprise::gateway_test
