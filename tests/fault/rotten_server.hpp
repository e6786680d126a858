// How the real server handles a damaged data folder: its answers, or why it does not start.

#pragma once

#include <map>
#include <string>

namespace reprise::fault {

class rotten_server {
 public:
  // Serves once in a folder below `within` and stops, so that there is a folder to damage.
  rotten_server(std::string program, const std::string& within);

  std::string sound() const { return within_ + "/sound/data"; }
  std::string damaged() const { return within_ + "/rotten/data"; }
  // Serves `damaged`, requests everything and stops. Returns a verdict that begins with "FOUND" if
  // it is a bug.
  std::string verdict() const;

 private:
  std::string verdict_of_end(int status) const;

  std::string program_, within_;
  std::map<std::string, std::string> answers_;  // by path, from the sound folder
};

}  // namespace reprise::fault
