#include "gateway/access/api_keys.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <optional>

#include "actors/limits.hpp"

namespace reprise::gateway {

namespace {

constexpr std::string_view key_prefix = "rpk_";  // recognised by people and by secret scanners

failure wrong(std::string text) { return {cause::invalid, std::move(text), false}; }

std::string key_maker() { return '`' + std::string(::program_invocation_short_name) + " key new`"; }

// Splits a line into words at white space, which is part of a word in double quotes. `#` starts a
// comment.
result<std::vector<std::string>> words_of(std::string_view line) {
  std::vector<std::string> words;
  bool quoted = false, inside = false;
  for (const char c : line) {
    const bool is_space = c == ' ' || c == '\t' || c == '\r';
    if (c == '#' && !quoted && !inside) break;
    if (static_cast<unsigned char>(c) < 0x20 && !is_space) return wrong("a control character");
    if (is_space && !quoted) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    if (c == '"') {
      quoted = !quoted;
    } else {
      words.back() += c;
    }
  }
  if (quoted) return wrong("a quotation that does not end");
  return words;
}

bool is_principal(std::string_view name) {
  return !name.empty() && name.size() <= max_name &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '.' || c == '-' || c == '@';
         });
}

constexpr std::string_view good_name = "is no name: 1 to 64 letters, digits and _ . - @";

}  // namespace

std::optional<digest> digest_of_hex(std::string_view text) {
  digest out{};
  if (text.size() != 2 * out.size()) return std::nullopt;
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return out;
}

std::string hex_of(const digest& bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const auto byte : bytes) (out += digits[byte >> 4]) += digits[byte & 15];
  return out;
}

result<grant> read_grant(std::string_view word) {
  const auto colon = word.find(':');
  const auto* named =
      std::find(std::begin(scope_names), std::end(scope_names), word.substr(0, colon));
  if (named == std::end(scope_names))
    return wrong("\"" + std::string(word) +
                 "\" is no scope: read, start, signal or manage, each also for one type "
                 "(signal:cart)");
  grant one{static_cast<scope>(named - std::begin(scope_names)), {}};
  if (colon == std::string_view::npos) return one;
  one.type = word.substr(colon + 1);
  if (!is_name(one.type))
    return wrong("\"" + std::string(word) +
                 "\" is limited to what is no type: 1 to 64 of a-z 0-9 _ . -");
  if (one.what == scope::start && orchestration_name(one.type).base != one.type)
    return wrong("\"" + std::string(word) + "\" names a version: a scope covers all of them");
  return one;
}

std::string text_of(const grant& g) {
  std::string text(name_of(g.what));
  if (!g.type.empty()) text.append(":").append(g.type);
  return text;
}

// Fetches the algorithm once: in OpenSSL 3.0 each fetch takes locks.
digest sha256(std::string_view text) {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  digest out{};
  unsigned size = 0;
  const int ok = EVP_Digest(text.data(), text.size(), out.data(), &size, algorithm, nullptr);
  assert(ok == 1 && size == out.size());
  return out;
}

bool principal::may(scope what, std::string_view type) const noexcept {
  return std::any_of(grants.begin(), grants.end(), [&](const grant& g) {
    return g.what == what && (g.type.empty() || (!type.empty() && g.type == type));
  });
}

bool principal::may_somewhere(scope what) const noexcept {
  return std::any_of(grants.begin(), grants.end(), [&](const grant& g) { return g.what == what; });
}

result<> key_ring::add(const std::vector<std::string>& words) {
  if (words.size() < 3) return wrong("wanted NAME CREDENTIAL SCOPE...");
  const auto& name = words[0];
  if (!is_principal(name)) return wrong("\"" + name + "\" " + std::string(good_name));
  if (std::any_of(entries_.begin(), entries_.end(),
                  [&](const entry& e) { return e.who->name == name; }))
    return wrong("the name \"" + name + "\" stands twice");
  entry one;
  one.who = std::make_unique<principal>();
  one.who->name = name;
  const std::string_view credential = words[1];
  if (credential.starts_with("sha256:")) {
    const auto hash = digest_of_hex(credential.substr(7));
    if (!hash)
      return wrong("sha256: takes the 64 hexadecimal digits that " + key_maker() + " gives");
    one.hash = *hash;
  } else if (credential.starts_with("cert:") && credential.size() > 5) {
    one.is_key = false;
    one.subject = credential.substr(5);
  } else {
    return wrong("the credential is sha256:HASH, or cert:SUBJECT (in quotes when it has spaces)");
  }
  for (const auto& each : entries_)
    if (each.is_key == one.is_key && each.hash == one.hash && each.subject == one.subject)
      return wrong("the credential is that of \"" + each.who->name + "\"");
  for (std::size_t i = 2; i < words.size(); ++i) {
    auto given = read_grant(words[i]);
    if (!given) return given.error();
    one.who->grants.push_back(std::move(*given));
  }
  entries_.push_back(std::move(one));
  return done;
}

result<std::shared_ptr<const key_ring>> key_ring::read(std::string_view text) {
  auto ring = std::make_shared<key_ring>();
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto words = words_of(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto at = "line " + std::to_string(number) + ": ";
    if (!words) return wrong(at + words.error().text);
    if (words->empty()) continue;
    if (const auto added = ring->add(*words); !added) return wrong(at + added.error().text);
  }
  if (ring->entries_.empty())
    return wrong("it names nobody: " + key_maker() + " gives a key and its line");
  return std::shared_ptr<const key_ring>(std::move(ring));
}

result<std::shared_ptr<const key_ring>> key_ring::open(const std::string& path) {
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) return wrong("the keys file " + path + " cannot be read");
  auto ring = read(text);
  if (!ring) return wrong("the keys file " + path + ": " + ring.error().text);
  return ring;
}

const principal* key_ring::with_key(std::string_view secret) const {
  const auto hash = sha256(secret);
  const principal* found = nullptr;
  for (const auto& each : entries_)
    if (each.is_key && CRYPTO_memcmp(each.hash.data(), hash.data(), hash.size()) == 0)
      found = each.who.get();
  return found;
}

const principal* key_ring::with_certificate(std::string_view subject) const {
  if (subject.empty()) return nullptr;
  for (const auto& each : entries_)
    if (!each.is_key && each.subject == subject) return each.who.get();
  return nullptr;
}

result<fresh_key> make_key(const std::string& name, const std::vector<std::string>& scopes) {
  if (!is_principal(name)) return wrong("\"" + name + "\" " + std::string(good_name));
  if (scopes.empty()) return wrong("a key without scopes may nothing: --scopes read,signal:cart");
  digest chance{};
  if (RAND_bytes(chance.data(), static_cast<int>(chance.size())) != 1)
    return failure{cause::unavailable, "the system gives no random bytes", true};
  fresh_key made;
  made.secret = std::string(key_prefix) + hex_of(chance);
  made.line = name + " sha256:" + hex_of(sha256(made.secret));
  for (const auto& word : scopes) {
    const auto given = read_grant(word);
    if (!given) return given.error();
    made.line += " " + text_of(*given);
  }
  return made;
}

}  // namespace reprise::gateway
