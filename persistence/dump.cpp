#include "persistence/dump.hpp"

#include "persistence/batch.hpp"
#include "persistence/keys.hpp"
#include "persistence/tools/json_text.hpp"
#include "persistence/tools/offline.hpp"
#include "persistence/tools/record_text.hpp"

namespace reprise::persistence {

namespace {

using namespace internal;

std::string line_of(std::string_view key, std::string_view stored) {
  json_object o;
  o.text("table", table_name(static_cast<std::uint8_t>(key.front())));
  if (const auto json = key_json(key))
    o.raw("key", *json);
  else
    o.text("keyBytes", key);
  const auto value = verified_value(key, stored);
  if (!value) return o.text("damaged", stored).done();
  if (const auto json = record_json(key, *value)) return o.raw("record", *json).done();
  return o.text("damaged", *value).done();
}

}  // namespace

result<std::uint64_t> dump_folder(const std::string& folder,
                                  const std::function<void(std::string_view)>& line) {
  auto off = open_offline(folder);
  if (!off) return std::move(off).error();
  std::uint64_t count = 0;
  const auto all = each_record(**off, [&](std::string_view key, std::string_view stored) {
    line(line_of(key, stored));
    ++count;
  });
  if (!all) return all.error();
  if (auto damaged = damage_of((*off)->log)) return *std::move(damaged);
  return count;
}

}  // namespace reprise::persistence
