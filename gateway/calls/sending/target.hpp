// Where a request goes: a URL, read once by libcurl's reader and handed to libcurl as it was read, so
// that who checks and who connects cannot differ about what it says.

#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "actors/failure.hpp"

namespace reprise::http::internal {

class target {
 public:
  // An absolute http or https URL without user and password, else cause::invalid.
  static result<target> parse(const std::string& url);
  // What `reference`, a Location, means seen from here.
  result<target> follow(const std::string& reference) const;

  bool secure() const noexcept { return scheme_ == "https"; }
  const std::string& host() const noexcept { return host_; }  // lower case; IPv6 in brackets
  unsigned port() const noexcept { return port_; }
  const std::string& url() const noexcept { return url_; }  // without fragment
  // "https://api.example.com:443": what failures say.
  std::string origin() const { return scheme_ + "://" + host_ + ":" + std::to_string(port_); }
  CURLU* handle() const noexcept { return parts_.get(); }

 private:
  using parts = std::shared_ptr<CURLU>;
  static result<target> read(parts, const std::string& text, unsigned flags);

  parts parts_;  // not changed after it was read
  std::string scheme_, host_, url_;
  unsigned port_ = 0;
};

}  // namespace reprise::http::internal
