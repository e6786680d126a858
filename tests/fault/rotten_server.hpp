// How the real server takes a damaged folder of its own: what it answers, or why it does not.

#pragma once

#include <map>
#include <string>

namespace reprise::fault {

class rotten_server {
 public:
  // Serves once below `within` and is stopped, so that there is a folder to damage.
  rotten_server(std::string program, const std::string& within);

  std::string sound() const { return within_ + "/sound/data"; }
  std::string damaged() const { return within_ + "/rotten/data"; }
  // Serves what is in `damaged`, asks for everything and ends. Begins with "FOUND" if it must not
  // be.
  std::string verdict() const;

 private:
  std::string verdict_of_end(int status) const;

  std::string program_, within_;
  std::map<std::string, std::string> answers_;  // path: what it answered when it was sound
};

}  // namespace reprise::fault
