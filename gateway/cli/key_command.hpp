// `key new`: makes an API key, prints it once, and prints or appends its line for the keys file.

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
  std::string file;  // keys file to append the line to; empty: print it
};
// Adds the command and returns it.
CLI::App* add_key(CLI::App&, key_command&);
int make_key(const key_command&);

}  // namespace reprise::gateway
