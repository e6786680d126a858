#include "gateway/cli/commands.hpp"
#include "gateway/cli/configuration.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/cli/printer.hpp"
#include "gateway/json/json_out.hpp"

namespace reprise::gateway {

int show_configuration(CLI::App& command, const config_command& c) {
  const auto settings = configure(command, c.file);
  if (!settings) return complain(settings.error().text, exit_usage);
  std::vector<column> columns{{"OPTION", {"option"}}, {"VALUE", {"value"}}};
  if (c.origin) columns.push_back({"ORIGIN", {"origin"}});
  printer out(output_form_of(c.output), columns);
  for (const auto& one : *settings) {
    std::string row = R"({"option":)";
    append_quoted(row, one.option);
    append_quoted(row += R"(,"value":)", one.value);
    if (c.origin) append_quoted(row += R"(,"origin":)", one.origin);
    out.add(row + '}');
  }
  return out.end();
}

}  // namespace reprise::gateway
