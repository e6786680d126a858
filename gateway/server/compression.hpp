// Compresses responses with gzip (RFC 9110, 8.4) for clients that accept it.

#pragma once

#include <zlib.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace reprise::gateway {

// Bytes. Smaller bodies fit in one or two packets anyway.
inline constexpr std::size_t least_compressed = 1024;

// Returns whether a client with this Accept-Encoding accepts gzip: by name or by `*`, and not with q=0.
bool takes_gzip(std::string_view accept_encoding) noexcept;

// Compresses piece by piece at the fastest level: about 10 ms per MiB, JSON shrinks to a tenth. A
// caller on an I/O thread yields between two pieces.
class gzip_writer {
 public:
  static constexpr std::size_t piece = 64u << 10;  // bytes: takes less than a millisecond

  explicit gzip_writer(std::size_t size);  // bytes of all pieces together, at most
  ~gzip_writer();
  gzip_writer(const gzip_writer&) = delete;

  void append(std::string_view);
  std::string finish();  // returns the compressed bytes; call it once

 private:
  void append(std::string_view, int flush);

  z_stream stream_{};
  std::string out_;
};

// Compresses a text in one go.
std::string gzip(std::string_view plain);

}  // namespace reprise::gateway
