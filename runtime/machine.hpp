// How much memory and CPU this process may use: a node's defaults are derived from it.
//
// In a container, the system's own counts show the whole host, and a process that uses more than the
// container's share is killed or throttled. The share is in the cgroup: memory.max and cpu.max (v2), or
// memory.limit_in_bytes and cpu.cfs_quota_us (v1), of the process's own group or any group around it;
// the smallest counts.

#pragma once

#include <cstdint>
#include <string>

namespace reprise {

struct machine {
  std::uint64_t memory = 0;  // bytes
  std::string memory_from;   // the source: "this machine", or a file
  unsigned processors = 1;   // a fraction counts as one
  std::string processors_from;
};

// Returns what this process may use now.
machine this_machine();

// Lowers `whole` to the limits of the cgroups in the files below `root` (root/proc and root/sys). A
// file that cannot be read limits nothing.
machine within_cgroups(machine whole, const std::string& root);

}  // namespace reprise
