#include "tests/gateway/served.hpp"

#include <future>
#include <stdexcept>

#include <boost/test/unit_test.hpp>

#include "gateway/v1/contract_view.hpp"
#include "tests/gateway/application.hpp"
#include "tests/gateway/contract.hpp"

namespace reprise::gateway_test {

served::served(gateway::route_options options) : served(one_of_each(), std::move(options)) {}

served::served(application app, gateway::route_options options) {
  auto opened = node::open({}, std::move(app));
  if (!opened) throw std::runtime_error(opened.error().text);
  node_ = std::move(*opened);
  gateway::server_options listening;
  listening.seen = options.seen;
  routes_ = std::make_unique<gateway::routes>(*node_, std::move(options));
  auto serving =
      gateway::server::open(listening, [this](gateway::http_request in, gateway::reply answer) {
        (*routes_)(std::move(in), std::move(answer));
      });
  if (!serving) throw std::runtime_error(serving.error().text);
  server_ = std::move(*serving);
}

served::~served() { node_->close(); }

raw_answer served::ask(std::string_view method, std::string_view target, std::string_view body,
                       std::string_view fields) {
  auto answer = send(method, target, body, fields);
  if (target.starts_with("/runtime")) return answer;
  const auto broken = promised().broken_by(method, std::string(target), answer);
  BOOST_TEST(broken == "");
  return answer;
}

const contract& served::promised() {
  if (!contract_) contract_ = std::make_unique<contract>(gateway::openapi_text(on().bound()));
  return *contract_;
}

raw_answer served::send(std::string_view method, std::string_view target, std::string_view body,
                        std::string_view fields) const {
  std::string bytes;
  bytes.append(method).append(" ").append(target).append(" HTTP/1.1\r\nConnection: close\r\n");
  if (fields.find("Host: ") == std::string_view::npos)
    bytes.append("Host: localhost:").append(std::to_string(port())).append("\r\n");
  bytes.append(fields);
  if (!body.empty())
    bytes.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  bytes.append("\r\n").append(body);
  return raw_client(port()).send(bytes).answer();
}

raw_answer served::post_json(std::string_view target, std::string_view body,
                             std::string_view fields) {
  return ask("POST", target, body, "Content-Type: application/json\r\n" + std::string(fields));
}

void served::begun(const std::string& id) {
  until([&] {
    std::promise<result<instance_status>> said;
    node_->instances().status(id, with_history::no,
                              [&](result<instance_status> s) { said.set_value(std::move(s)); });
    const auto found = said.get_future().get();
    if (!found) throw std::runtime_error("instance " + id + ": " + found.error().text);
    return !found->custom_status.empty();
  });
}

instance_state served::ended(const std::string& id) {
  std::promise<instance_state> state;
  node_->instances()
      .wait(id,
            [&](result<instance_status> s) {
              state.set_value(s ? s->state : instance_state::pending);
            })
      .keep();
  return state.get_future().get();
}

std::shared_ptr<gateway::authorizer> authorizer_for(std::string_view lines,
                                                    const gateway::limits& allowed) {
  auto keys = gateway::key_ring::read(lines);
  if (!keys) throw std::runtime_error(keys.error().text);
  return std::make_shared<gateway::authorizer>(
      gateway::known_credentials{std::move(*keys), nullptr}, allowed);
}

std::string df(std::string_view path) {
  return "/runtime/webhooks/durabletask" + std::string(path);
}

}  // namespace reprise::gateway_test
