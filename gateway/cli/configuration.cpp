#include "gateway/cli/configuration.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include <CLI/CLI.hpp>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace reprise::gateway {

namespace {

using values = std::vector<std::string>;

failure wrong(const std::string& file, const toml::source_region& where, std::string_view what) {
  const auto line = where.begin.line == 0 ? "" : " line " + std::to_string(where.begin.line);
  return {cause::invalid, file + line + ": " + std::string(what), false};
}

// Returns whether a file may set the option: those that add_configuration() saw, except --config.
bool is_setting(const CLI::Option& option) {
  return !option.get_envname().empty() && !option.check_name("--config");
}

std::string environment_name(const CLI::Option& option) {
  std::string name = "REPRISE_";
  for (const char c : option.get_lnames().front())
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* number = node.as_floating_point()) return std::to_string(number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  return std::nullopt;
}

// Converts a TOML value for an option; nothing if its type does not fit.
std::optional<values> values_of(const toml::node& node, const CLI::Option& option) {
  const bool is_flag = option.get_expected_max() == 0;
  if (is_flag && !node.is_boolean()) return std::nullopt;
  if (const auto one = text_of(node)) return values{*one};
  const auto* list = node.as_array();
  if (list == nullptr) return std::nullopt;
  values all;
  for (const auto& element : *list) {
    const auto one = text_of(element);
    if (!one) return std::nullopt;
    all.push_back(*one);
  }
  return all;
}

result<> set(CLI::Option& option, const toml::node& node, const std::string& file) {
  const auto name = option.get_lnames().front();
  const auto all = values_of(node, option);
  const bool is_flag = option.get_expected_max() == 0;
  if (!all)
    return wrong(
        file, node.source(),
        "`" + name + "` takes " + (is_flag ? "true or false" : "a string, a number or a list"));
  try {
    for (const auto& one : *all) option.add_result(one);
    if (!all->empty()) option.run_callback();
  } catch (const CLI::Error& e) {
    return wrong(file, node.source(), e.what());
  }
  return done;
}

using lines = std::map<const CLI::Option*, std::size_t>;  // the line of the file that set an option

result<lines> apply_file(CLI::App& command, const std::string& file) {
  const auto read = toml::parse_file(file);
  if (!read) return wrong(file, read.error().source(), read.error().description());
  lines set_here;
  for (const auto& [key, node] : read.table()) {
    auto* option = command.get_option_no_throw("--" + std::string(key.str()));
    if (option == nullptr || !is_setting(*option))
      return wrong(file, key.source(),
                   "there is no option `" + std::string(key.str()) + "`; `" + command.get_name() +
                       " --help` lists them");
    if (option->count() > 0) continue;
    if (const auto given = set(*option, node, file); !given) return given.error();
    set_here[option] = node.source().begin.line;
  }
  return set_here;
}

std::string value_of(const CLI::Option& option) {
  if (option.count() == 0)
    return option.get_expected_max() == 0 ? "false" : option.get_default_str();
  std::string all;
  for (const auto& one : option.results()) all += (all.empty() ? "" : ", ") + one;
  return all;
}

// Returns the precedence of a setting's source.
int rank(const setting& s) {
  if (s.origin == "default") return 0;
  if (s.origin == "flag") return 3;
  return s.origin.starts_with("REPRISE_") ? 2 : 1;
}

// Drops `port` if `listen`, which contains a port too, comes from a stronger source.
void settle_port(std::vector<setting>& all) {
  const auto find = [&](std::string_view name) {
    return std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.option == name; });
  };
  const auto port = find("port"), listen = find("listen");
  if (port == all.end() || listen == all.end() || rank(*port) >= rank(*listen)) return;
  port->value.clear();
  port->origin = "default";
}

}  // namespace

void add_configuration(CLI::App& command, std::string& file) {
  for (auto* option : command.get_options())
    if (!option->check_name("--help") && option->get_envname().empty())
      option->envname(environment_name(*option));
  command.add_option("--config", file, "TOML file with options: data = \"shop.db\"")
      ->envname("REPRISE_CONFIG");
}

result<std::vector<setting>> configure(CLI::App& command, const std::string& file) {
  const auto& flags = command.parse_order();
  lines from_file;
  std::map<const CLI::Option*, std::string> origins;
  for (const auto* option : command.get_options()) {
    const bool is_flag = std::find(flags.begin(), flags.end(), option) != flags.end();
    if (option->count() > 0) origins[option] = is_flag ? "flag" : option->get_envname();
  }
  if (!file.empty()) {
    auto set_here = apply_file(command, file);
    if (!set_here) return set_here.error();
    from_file = std::move(*set_here);
  }
  std::vector<setting> all;
  for (const auto* option : command.get_options()) {
    if (!is_setting(*option)) continue;
    std::string origin = "default";
    if (const auto known = origins.find(option); known != origins.end()) origin = known->second;
    if (const auto line = from_file.find(option); line != from_file.end())
      origin = file + " line " + std::to_string(line->second);
    all.push_back({option->get_lnames().front(), value_of(*option), std::move(origin)});
  }
  settle_port(all);
  return all;
}

}  // namespace reprise::gateway
