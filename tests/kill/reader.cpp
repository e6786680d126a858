#include <algorithm>

#include "tests/kill/client.hpp"

namespace reprise::kill {

void reader::run() {
  for (; !ending(); ++finished) {
    const auto id = name_ + "-" + std::to_string(finished);
    if (!start("meter", id, "{\"readings\":" + std::to_string(adds_per_counter) + "}")) return;
    for (std::size_t n = 0; n < adds_per_counter; ++n)
      raise_once(id, "reading", std::to_string(amount_of(n)), id + "-" + std::to_string(n));
    const auto status = until_ended(id);
    if (!status) return;
    const auto output = status->substr(std::min(status->find("\"output\""), status->size()));
    const auto sum = std::strtoull(member(output, "sum").c_str(), nullptr, 10);
    const std::vector<known> all(adds_per_counter, known::acknowledged);
    for (auto& finding : check_counter(id, all, sum)) found.push_back(std::move(finding));
  }
}

}  // namespace reprise::kill
