// The URL of a request. It is parsed once, by libcurl, and passed to libcurl in parsed form, so that the
// checks and the connection cannot interpret it differently.

#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "actors/failure.hpp"

namespace reprise::http::internal {

class target {
 public:
  // Parses an absolute http or https URL without user and password. Failure: cause::invalid;
  // cause::limit if it is too long.
  static result<target> parse(const std::string& url);
  // Resolves `reference`, a Location, relative to this URL. Failure: cause::invalid.
  result<target> follow(const std::string& reference) const;

  bool secure() const noexcept { return scheme_ == "https"; }
  const std::string& host() const noexcept { return host_; }  // lower case; IPv6 in brackets
  unsigned port() const noexcept { return port_; }
  const std::string& url() const noexcept { return url_; }  // without fragment
  // Returns scheme, host and port, "https://api.example.com:443". Failures name a target like this.
  std::string origin() const { return scheme_ + "://" + host_ + ":" + std::to_string(port_); }
  CURLU* handle() const noexcept { return parts_.get(); }

 private:
  using parts = std::shared_ptr<CURLU>;
  static result<target> read(parts, const std::string& text, unsigned flags);

  parts parts_;  // immutable
  std::string scheme_, host_, url_;
  unsigned port_ = 0;
};

}  // namespace reprise::http::internal
