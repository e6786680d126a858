// Answers in gzip (RFC 9110, 8.4): for who says that he takes it, when there is something to gain.

#pragma once

#include <zlib.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace reprise::gateway {

// What is smaller fits in a packet or two anyway.
inline constexpr std::size_t least_compressed = 1024;  // bytes

// Does a client with this Accept-Encoding take gzip? Named, or meant by `*`, and not at q=0.
bool takes_gzip(std::string_view accept_encoding) noexcept;

// Piece by piece, at the fastest level: 10 ms a MiB, and JSON shrinks to a tenth. What has other work to do
// does it between two pieces.
class gzip_writer {
 public:
  static constexpr std::size_t piece = 64u << 10;  // bytes that take less than a millisecond

  explicit gzip_writer(std::size_t size);  // of all pieces together
  ~gzip_writer();
  gzip_writer(const gzip_writer&) = delete;

  void append(std::string_view);
  std::string finish();  // once

 private:
  void append(std::string_view, int flush);

  z_stream stream_{};
  std::string out_;
};

// All at once.
std::string gzip(std::string_view plain);

}  // namespace reprise::gateway
