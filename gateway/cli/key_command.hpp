// `key new`: makes an API key, prints it once, and gives the line that lets it in.

#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace reprise::gateway {

struct key_command {
  std::string name;
  std::vector<std::string> scopes;
  std::string file;  // the line is appended to it; empty: printed
};
// Gives the command `key new`.
CLI::App* add_key(CLI::App&, key_command&);
int make_key(const key_command&);

}  // namespace reprise::gateway
