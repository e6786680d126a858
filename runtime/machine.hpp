// How much of the machine this process may use: what a node chooses its sizes by when nobody says them.
//
// A container has the memory and the processors of its host in every count of the system, and is killed or
// throttled for using them. Its own share stands in its cgroup: memory.max and cpu.max (v2), or
// memory.limit_in_bytes and cpu.cfs_quota_us (v1), in its own group or in one that this is in; the smallest
// counts.

#pragma once

#include <cstdint>
#include <string>

namespace reprise {

struct machine {
  std::uint64_t memory = 0;  // bytes
  std::string memory_from;   // who says so: "this machine", or a file
  unsigned processors = 1;   // a part of one counts as one
  std::string processors_from;
};

// Of this process, now.
machine this_machine();

// `whole`, less what the cgroups of the process whose files stand below `root` leave of it: root/proc and
// root/sys. What cannot be read limits nothing.
machine within_cgroups(machine whole, const std::string& root);

}  // namespace reprise
