// Names for what clients choose: 128 bits of SipHash-2-4 under a secret of the folder. Idempotency
// records and the ids of starts that are sent twice are named so: who does not know the secret cannot
// make two requests with one name, however freely he chooses their bytes.
//
// The secret is 16 bytes of chance in the store's meta, made when the folder is first opened. It goes
// where the folder goes, backups too, so a name stays the same for as long as its record stands.
//
// Threads: any, at once.

#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "actors/failure.hpp"
#include "persistence/batch.hpp"
#include "runtime/reading/read_records.hpp"

namespace reprise::runtime {

class keyed_hash {
 public:
  static constexpr std::size_t size = 16;
  explicit keyed_hash(std::string_view secret);  // of `size` bytes
  ~keyed_hash();
  keyed_hash(const keyed_hash&) = delete;
  keyed_hash& operator=(const keyed_hash&) = delete;

  // 16 bytes. Each part counts with its length: no two lists of parts are one text.
  std::string bytes(std::initializer_list<std::string_view> parts) const;
  std::string digits(
      std::initializer_list<std::string_view> parts) const;  // the same, as 32 of hex

 private:
  struct keyed;
  std::unique_ptr<const keyed> keyed_;
};

// The secret that the folder has; else `fresh`, which `first` then writes. cause::corrupt: it is there
// and damaged.
result<std::string> folder_secret(const read_records&, const std::string& fresh,
                                  persistence::batch& first);

}  // namespace reprise::runtime
