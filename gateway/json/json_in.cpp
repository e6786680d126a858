#include "gateway/json/json_in.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <kj/exception.h>
#include <simdjson.h>

#include "actors/value.hpp"
#include "gateway/json/json_cursor.hpp"
#include "gateway/json/number_text.hpp"
#include "gateway/json/struct_shape.hpp"
#include "gateway/json/text.hpp"
#include "gateway/limits.hpp"

namespace reprise::gateway {

namespace {

namespace dom = simdjson::dom;

// Returns the value of an element whose type is known. simdjson's own accessors return a temporary.
template <class T>
T as(dom::element e) {
  T value{};
  const auto error = e.get(value);
  assert(error == simdjson::SUCCESS);
  return value;
}

// Describes a value for an error message. Long strings are not quoted: the sender knows them.
std::string described(dom::element e) {
  switch (e.type()) {
    case dom::element_type::ARRAY:
      return "an array";
    case dom::element_type::OBJECT:
      return "an object";
    case dom::element_type::BOOL:
      return as<bool>(e) ? "true" : "false";
    case dom::element_type::NULL_VALUE:
      return "null";
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE:
      return "the number " + simdjson::minify(e);
    case dom::element_type::STRING:
      break;
  }
  const auto text = as<std::string_view>(e);
  return text.size() <= 40 ? "the string \"" + std::string(text) + "\"" : "a long string";
}

// The current place as a linked list on the stack: a JSON pointer is built on failure only.
struct place {
  const place* outer = nullptr;
  std::string_view name;
  std::size_t index = 0;
};

void append_pointer(std::string& out, const place* at) {
  if (at == nullptr || at->outer == nullptr) return;
  append_pointer(out, at->outer);
  out += '/';
  if (at->name.data() == nullptr) {
    out += std::to_string(at->index);
    return;
  }
  for (const char c : at->name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
}

// Thrown inside this file only: otherwise each level of the recursion would have to pass on a result.
struct bad_value {
  failure why;
  // The place of the bad value, if there is one; `why` does not name it yet.
  std::optional<std::string> pointer{};
};

[[noreturn]] void refuse(const place& at, const std::string& what) {
  std::string pointer;
  append_pointer(pointer, &at);
  throw bad_value{{cause::invalid, what, false}, std::move(pointer)};
}

// Returns the failure with its place in the text. `pointer`: see read_json().
failure named(bad_value& r, std::string& pointer) {
  if (!r.pointer) return std::move(r.why);
  pointer += *r.pointer;
  r.why.text = "at " + (pointer.empty() ? "the top" : pointer) + ": " + r.why.text;
  return std::move(r.why);
}

[[noreturn]] void unwanted(const place& at, const std::string& wanted, dom::element e) {
  refuse(at, "wanted " + wanted + ", came " + described(e));
}

std::int64_t lowest(unsigned bits) {
  return bits >= 64 ? std::numeric_limits<std::int64_t>::min() : -(std::int64_t{1} << (bits - 1));
}
std::int64_t highest(unsigned bits) {
  return bits >= 64 ? std::numeric_limits<std::int64_t>::max()
                    : (std::int64_t{1} << (bits - 1)) - 1;
}
std::uint64_t highest_unsigned(unsigned bits) {
  return bits >= 64 ? std::numeric_limits<std::uint64_t>::max() : (std::uint64_t{1} << bits) - 1;
}

// Returns an integer, which may be written as 1.0 or 1e3; a 64-bit one also as a string, because some
// JSON writers would round the number.
template <class Integer>
std::optional<Integer> integer_of(number_texts& texts, dom::element e, unsigned bits) {
  Integer value{};
  if (e.type() == dom::element_type::DOUBLE) {  // is_double() is true for integers too
    if constexpr (std::is_unsigned_v<Integer>)
      return whole_unsigned(texts.next());
    else
      return whole_number(texts.next());
  }
  if (e.is_number()) texts.pass();
  if (e.get(value) == simdjson::SUCCESS) return value;
  if (bits == 64 && e.is_string()) {
    const auto text = as<std::string_view>(e);
    const auto end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc() && last == end) return value;
  }
  return std::nullopt;
}

std::int64_t signed_integer(const place& at, number_texts& texts, dom::element e, unsigned bits) {
  const auto value = integer_of<std::int64_t>(texts, e, bits);
  if (!value || *value < lowest(bits) || *value > highest(bits))
    unwanted(
        at,
        "an integer from " + std::to_string(lowest(bits)) + " to " + std::to_string(highest(bits)),
        e);
  return *value;
}

std::uint64_t unsigned_integer(const place& at, number_texts& texts, dom::element e,
                               unsigned bits) {
  const auto value = integer_of<std::uint64_t>(texts, e, bits);
  if (!value || *value > highest_unsigned(bits))
    unwanted(at, "an integer from 0 to " + std::to_string(highest_unsigned(bits)), e);
  return *value;
}

double number(const place& at, number_texts& texts, dom::element e) {
  double value = 0;
  if (e.is_number() && e.get(value) == simdjson::SUCCESS) {
    if (value != 0 || e.type() == dom::element_type::DOUBLE)
      texts.pass();
    else if (texts.next().starts_with('-'))  // -0, which simdjson reads as the integer 0
      value = -0.0;
    return value;
  }
  if (e.is_string()) {
    const auto text = as<std::string_view>(e);
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  }
  unwanted(at, "a number", e);
}

float small_number(const place& at, number_texts& texts, dom::element e) {
  const double value = number(at, texts, e);
  if (std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max())
    unwanted(at, "a number that fits in 32 bits", e);
  return static_cast<float>(value);
}

bool boolean(const place& at, dom::element e) {
  if (!e.is_bool()) unwanted(at, "true or false", e);
  return as<bool>(e);
}

std::string_view text(const place& at, dom::element e) {
  if (!e.is_string()) unwanted(at, "a string", e);
  return as<std::string_view>(e);
}

dom::array array(const place& at, dom::element e) {
  if (!e.is_array()) unwanted(at, "an array", e);
  return as<dom::array>(e);
}

dom::object object(const place& at, dom::element e) {
  if (!e.is_object()) unwanted(at, "an object", e);
  return as<dom::object>(e);
}

void no_duplicates(const place& at, dom::element e) {
  if (e.is_array()) {
    std::size_t index = 0;
    const auto elements = as<dom::array>(e);
    for (const dom::element inner : elements) no_duplicates({&at, {}, index++}, inner);
    return;
  }
  if (!e.is_object()) return;
  std::vector<std::string_view> names;
  const auto members = as<dom::object>(e);
  for (const auto member : members) {
    names.push_back(member.key);
    no_duplicates({&at, member.key, 0}, member.value);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) refuse(at, "the name \"" + std::string(*twice) + "\" is there twice");
}

// Builds one Cap'n Proto struct. Counts the bytes of the message before they are allocated: `{}` in a
// list costs the sender three bytes, and the server the size of the struct.
class struct_builder {
 public:
  explicit struct_builder(number_texts& texts) : texts_(texts) {}

  void fill(const place& at, capnp::DynamicStruct::Builder to, dom::element e) {
    const auto members = object(at, e);
    const auto& shape = shape_of(to.getSchema());
    std::vector<bool> seen(shape.fields.size());
    std::string_view chosen;
    for (const auto member : members) {
      const place here{&at, member.key, 0};
      const auto* field = shape.find(member.key);
      if (field == nullptr) refuse(here, "there is no such field in " + std::string(shape.name));
      const auto index = static_cast<std::size_t>(field - shape.fields.data());
      if (seen[index]) refuse(at, "the name \"" + std::string(member.key) + "\" is there twice");
      seen[index] = true;
      if (field->in_union) {
        if (!chosen.empty())
          refuse(here, "only one of \"" + std::string(chosen) + "\" and this can be given");
        chosen = member.key;
      }
      set(here, to, *field, member.value);
    }
  }

 private:
  void charge(std::size_t bytes) {
    used_ += bytes;
    if (used_ > max_payload)
      throw bad_value{
          {cause::limit,
           "the value is larger than " + std::to_string(max_payload) + " bytes (max_payload)",
           false}};
  }

  void charge_struct(capnp::StructSchema schema, std::size_t count) {
    charge(count * shape_of(schema).bytes() + 8);
  }

  void set(const place& at, capnp::DynamicStruct::Builder to, const struct_shape::field& field,
           dom::element e) {
    const auto& type = field.type;
    if (field.is_group) {
      fill(at, to.init(field.of).as<capnp::DynamicStruct>(), e);
    } else if (type.isStruct()) {
      if (e.is_null()) return to.clear(field.of);
      charge_struct(type.asStruct(), 1);
      fill(at, to.init(field.of).as<capnp::DynamicStruct>(), e);
    } else if (type.isList()) {
      if (e.is_null()) return to.clear(field.of);
      const auto elements = array(at, e);
      const auto count = size(at, type.asList(), elements);
      fill(at, to.init(field.of, count).as<capnp::DynamicList>(), elements);
    } else if ((type.isText() || type.isData()) && e.is_null()) {
      to.clear(field.of);
    } else {
      to.set(field.of, scalar(at, type, e));
    }
  }

  void fill(const place& at, capnp::DynamicList::Builder to, dom::array elements) {
    const auto type = to.getSchema().getElementType();
    capnp::uint index = 0;
    for (const dom::element e : elements) {
      const place here{&at, {}, index};
      if (type.isStruct()) {
        fill(here, to[index].as<capnp::DynamicStruct>(), e);
      } else if (type.isList()) {
        const auto inner = array(here, e);
        const auto count = size(here, type.asList(), inner);
        fill(here, to.init(index, count).as<capnp::DynamicList>(), inner);
      } else {
        to.set(index, scalar(here, type, e));
      }
      ++index;
    }
  }

  // Charges a list and returns its length. Counts itself, because simdjson's size() saturates at 2^24.
  capnp::uint size(const place& at, capnp::ListSchema list, dom::array elements) {
    std::size_t count = 0;
    for (auto i = elements.begin(); i != elements.end(); ++i) ++count;
    const auto type = list.getElementType();
    if (type.isStruct()) {
      charge_struct(type.asStruct(), count);
    } else if (type.isAnyPointer() || type.isInterface()) {
      refuse(at, "a list of pointers without type cannot come as JSON");
    } else {
      charge(count * 8 + 8);
    }
    return static_cast<capnp::uint>(count);
  }

  capnp::DynamicValue::Reader scalar(const place& at, capnp::Type type, dom::element e) {
    using which = capnp::schema::Type;
    switch (type.which()) {
      case which::VOID:
        if (!e.is_null()) unwanted(at, "null", e);
        return capnp::VOID;
      case which::BOOL:
        return boolean(at, e);
      case which::INT8:
        return signed_integer(at, texts_, e, 8);
      case which::INT16:
        return signed_integer(at, texts_, e, 16);
      case which::INT32:
        return signed_integer(at, texts_, e, 32);
      case which::INT64:
        return signed_integer(at, texts_, e, 64);
      case which::UINT8:
        return unsigned_integer(at, texts_, e, 8);
      case which::UINT16:
        return unsigned_integer(at, texts_, e, 16);
      case which::UINT32:
        return unsigned_integer(at, texts_, e, 32);
      case which::UINT64:
        return unsigned_integer(at, texts_, e, 64);
      case which::FLOAT32:
        return small_number(at, texts_, e);
      case which::FLOAT64:
        return number(at, texts_, e);
      case which::ENUM:
        return enumerant(at, type.asEnum(), e);
      case which::TEXT: {
        scratch_ = text(at, e);
        charge(scratch_.size() + 8);
        return capnp::Text::Reader(scratch_.c_str(), scratch_.size());
      }
      case which::DATA: {
        auto bytes = from_base64(text(at, e));
        if (!bytes) unwanted(at, "base64", e);
        charge(bytes->size() + 8);
        scratch_ = std::move(*bytes);
        return capnp::Data::Reader(reinterpret_cast<const capnp::byte*>(scratch_.data()),
                                   scratch_.size());
      }
      default:
        refuse(at, "a field of this type cannot come as JSON");
    }
  }

  capnp::DynamicEnum enumerant(const place& at, capnp::EnumSchema schema, dom::element e) {
    if (e.is_string()) {
      KJ_IF_MAYBE (found, schema.findEnumerantByName(std::string(text(at, e)).c_str())) {
        return *found;
      }
    }
    std::string wanted = "one of";
    for (const auto one : schema.getEnumerants())
      wanted +=
          (wanted.size() > 6 ? ", \"" : " \"") + std::string(one.getProto().getName().cStr()) + '"';
    unwanted(at, wanted, e);
  }

  number_texts& texts_;
  std::size_t used_ = 0;
  std::string scratch_;  // the text or data that is being set
};

// `text`: length of the JSON. Most values are no larger and so need one segment.
payload structure(const place& at, number_texts& texts, capnp::StructSchema schema, dom::element e,
                  std::size_t text) {
  using internal::small_builder;
  const auto& shape = shape_of(schema);
  // Without pointers the size is exact.
  const auto words = shape.pointers == 0
                         ? 1 + shape.data_words
                         : std::max(small_builder::room, text / sizeof(capnp::word));
  small_builder message(words);
  struct_builder(texts).fill(at, message->initRoot<capnp::DynamicStruct>(schema), e);
  return internal::flatten(*message);
}

void append_little_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(value >> 8 * i & 0xff);
}

bool holds_json(const payload_type& type) {
  return type.kind == payload_kind::json || (type.element != nullptr && holds_json(*type.element));
}

// `raw`: the text of `e` if the type contains json, else "".
std::string encode(const place& at, number_texts& texts, const payload_type& type, dom::element e,
                   std::string_view raw) {
  std::string out;
  switch (type.kind) {
    case payload_kind::none:
      if (!e.is_null() && !(e.is_object() && object(at, e).size() == 0)) unwanted(at, "nothing", e);
      break;
    case payload_kind::json:
      no_duplicates(at, e);
      out = raw;
      break;
    case payload_kind::boolean:
      out += boolean(at, e) ? '\1' : '\0';
      break;
    case payload_kind::signed_integer:
      append_little_endian(out, static_cast<std::uint64_t>(signed_integer(at, texts, e, type.bits)),
                           8);
      break;
    case payload_kind::unsigned_integer:
      append_little_endian(out, unsigned_integer(at, texts, e, type.bits), 8);
      break;
    case payload_kind::number:
      append_little_endian(out, std::bit_cast<std::uint64_t>(number(at, texts, e)), 8);
      break;
    case payload_kind::text:
      out = text(at, e);
      break;
    case payload_kind::structure:
      out = structure(at, texts, type.schema, e, 0).bytes();
      break;
    case payload_kind::list: {
      const auto elements = array(at, e);
      std::optional<json_cursor> parts;
      if (holds_json(*type.element)) parts.emplace(raw);
      append_little_endian(out, 0, 4);
      std::uint32_t count = 0;
      for (const dom::element inner : elements) {
        const auto bytes = encode({&at, {}, count}, texts, *type.element, inner,
                                  parts ? parts->next().value_or("") : "");
        append_little_endian(out, bytes.size(), 4);
        out += bytes;
        ++count;
        if (out.size() > max_payload)
          throw bad_value{
              {cause::limit,
               "the value is larger than " + std::to_string(max_payload) + " bytes (max_payload)",
               false}};
      }
      std::string header;
      append_little_endian(header, count, 4);
      out.replace(0, 4, header);
      break;
    }
  }
  return out;
}

std::string_view syntax(simdjson::error_code error) {
  switch (error) {
    case simdjson::DEPTH_ERROR:
      return "nested deeper than 64 levels (max_json_depth)";
    case simdjson::UTF8_ERROR:
      return "the text is not valid UTF-8";
    case simdjson::STRING_ERROR:
      return "a string has a bad escape or half of a surrogate pair";
    case simdjson::UNESCAPED_CHARS:
      return "a string has a control character that is not escaped";
    case simdjson::UNCLOSED_STRING:
      return "a string has no end";
    case simdjson::NUMBER_ERROR:
      return "a number is malformed, or an integer beyond 64 bits or a double's range: send it as "
             "a string";
    default:
      return "this is not one JSON value";
  }
}

class parsed {
 public:
  explicit parsed(std::string_view json) {
    // Reused for small bodies, so that most requests allocate nothing here.
    thread_local dom::parser kept;
    dom::parser* parser = &kept;
    if (json.size() > 16384) parser = &own_.emplace();
    auto error = simdjson::SUCCESS;
    if (parser->capacity() < std::max<std::size_t>(json.size(), 16384))
      error = parser->allocate(std::max<std::size_t>(json.size(), 16384), max_json_depth);
    if (error == simdjson::SUCCESS)
      error = parser->parse(json.data(), json.size(), true).get(root_);
    if (error == simdjson::NUMBER_ERROR) {
      const auto doubles = with_large_integers_as_doubles(json);
      error = own_.emplace().allocate(std::max<std::size_t>(doubles.size(), 16384), max_json_depth);
      if (error == simdjson::SUCCESS) error = own_->parse(doubles).get(root_);
    }
    if (error == simdjson::MEMALLOC) throw std::bad_alloc();  // not an error of the sender
    if (error != simdjson::SUCCESS)
      throw bad_value{
          {cause::invalid, "Invalid JSON content: " + std::string(syntax(error)), false}};
  }
  dom::element root() const { return root_; }

 private:
  std::optional<dom::parser> own_;
  dom::element root_;
};

bool blank(std::string_view json) {
  return std::all_of(json.begin(), json.end(),
                     [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

}  // namespace

result<payload> read_json(const payload_type& type, std::string_view json) {
  std::string pointer;
  return read_json(type, json, pointer);
}

result<payload> read_json(const payload_type& type, std::string_view json, std::string& pointer) {
  try {
    if (blank(json)) {
      if (type.kind == payload_kind::none) return payload();
      if (type.kind == payload_kind::json) return payload("null");
      if (type.kind != payload_kind::structure)
        return failure{cause::invalid, "no body came: wanted " + type.name, false};
      json = "{}";
    }
    const parsed whole(json);
    number_texts texts(json);
    if (type.kind == payload_kind::structure)
      return structure({}, texts, type.schema, whole.root(), json.size());
    return payload(encode({}, texts, type, whole.root(), json));
  } catch (bad_value& r) {
    return named(r, pointer);
  } catch (const kj::Exception& e) {
    // Cap'n Proto got no memory for a segment: not an error of the sender.
    if (e.getType() == kj::Exception::Type::OVERLOADED) throw std::bad_alloc();
    return failure{cause::invalid,
                   std::string("the value does not fit: ") + e.getDescription().cStr(), false};
  }
}

result<> check_json(std::string_view json) {
  try {
    const parsed whole(json);
    no_duplicates({}, whole.root());
    return done;
  } catch (bad_value& r) {
    std::string pointer;
    return named(r, pointer);
  }
}

std::string json_text(std::string_view json, std::string_view name) {
  try {
    const parsed whole(json);
    dom::element e;
    if (whole.root()[name].get(e) != simdjson::SUCCESS) return {};
    return simdjson::minify(e);
  } catch (bad_value&) {
    return {};
  }
}

std::string json_member(std::string_view json, std::string_view name) {
  const auto text = json_text(json, name);
  if (!text.starts_with('"')) return text;
  const parsed string(text);
  return std::string(as<std::string_view>(string.root()));
}

}  // namespace reprise::gateway
