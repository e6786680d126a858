// Hashes what clients choose: 128 bits of SipHash-2-4, keyed with a secret of the folder. Idempotency
// records and the instance ids of starts with a key are named by it: without the secret a client cannot
// construct two requests with the same name.
//
// The secret is 16 random bytes in the store's meta records, made when the folder is first opened. It
// moves with the folder and its backups, so a name stays valid as long as its record exists.
//
// Threads: any, concurrently.

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

  // Returns 16 bytes. Each part is hashed with its length, so different lists of parts never collide by
  // concatenation.
  std::string bytes(std::initializer_list<std::string_view> parts) const;
  std::string digits(
      std::initializer_list<std::string_view> parts) const;  // the same as 32 hexadecimal digits

 private:
  struct keyed;
  std::unique_ptr<const keyed> keyed_;
};

// Returns the folder's secret; if it has none, returns `fresh` and adds it to `first`. cause::corrupt:
// the stored secret is damaged.
result<std::string> folder_secret(const read_records&, const std::string& fresh,
                                  persistence::batch& first);

}  // namespace reprise::runtime
