// Opens a node with real threads: the store on disk, CAF's scheduler, a random nonce.

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "persistence/lmdb_store.hpp"
#include "persistence/memory_store.hpp"
#include "runtime/machine.hpp"
#include "runtime/message/keyed_hash.hpp"
#include "runtime/node.hpp"
#include "runtime/node/node_access.hpp"
#include "runtime/node/schema_check.hpp"
#include "runtime/reading/store_failure.hpp"

namespace reprise {
namespace {

using runtime::engine;

template <class T>
T chance() {
  T drawn{};
  while (::getrandom(&drawn, sizeof drawn, 0) != sizeof drawn) {
  }
  return drawn;
}

std::string fresh_secret() {
  const auto drawn = chance<std::array<char, runtime::keyed_hash::size>>();
  return {drawn.begin(), drawn.end()};
}

// Adds the folder to a report of damage, so that its reader can find it.
failure named(failure why, const std::string& folder) {
  if (why.why == cause::corrupt && why.text.find(folder) == std::string::npos)
    why.text = folder + ": " + why.text;
  return why;
}

}  // namespace

result<std::unique_ptr<node>> node::open(node_options o, application app) {
  auto store = [&]() -> persistence::result<std::unique_ptr<persistence::store>> {
    if (o.data.empty()) return std::unique_ptr<persistence::store>(new persistence::memory_store);
    persistence::lmdb_options at;
    at.folder = o.data;
    return persistence::open_lmdb_store(at);
  }();
  if (!store) return runtime::store_failure(store.error());
  persistence::batch first;
  auto secret = runtime::folder_secret([&](const auto& request) { return (*store)->read(request); },
                                       fresh_secret(), first);
  if (!secret) return named(secret.error(), o.data);
  if (!first.empty() && (*store)->durable() != 0 && o.log)
    o.log({log_level::warning,
           "this folder is of a version that named idempotency records in another way: a request "
           "that was sent to it before, and is sent again with the same key, is done again"});
  if (const auto fits = runtime::check_schemas(**store, app, o.log, std::move(first)); !fits)
    return named(fits.error(), o.data);
  runtime::engine_options options;
  options.secret = std::move(*secret);
  const auto share = this_machine();
  options.memory = o.memory != 0 ? o.memory : static_cast<std::size_t>(share.memory / 4);
  const auto cores = std::max(2u, share.processors);
  options.pools = std::move(o.pools);
  options.pools.insert(options.pools.end(), {{"io", 16}, {"cpu", cores}});
  options.log = std::move(o.log);
  options.spans = std::move(o.spans);
  options.retention = o.retention;
  options.nonce = chance<std::uint64_t>();
  options.on_failed = std::move(o.on_failed);
  // After the store: the folder's lock also protects the slate in it.
  if (!o.data.empty() && !(options.slate = runtime::crash_slate::open(o.data + "/crashes")) &&
      options.log)
    options.log({log_level::warning,
                 "no crash is counted: " + o.data +
                     "/crashes cannot be mapped: " + std::generic_category().message(errno)});
  auto opened = internal::node_access::open(
      std::make_unique<engine>(std::move(app), std::move(*store),
                               runtime::make_caf_executor(o.workers), std::move(options)));
  if (!opened) return named(std::move(opened).error(), o.data);
  return opened;
}

}  // namespace reprise
