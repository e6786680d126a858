// What a node as a whole is doing.

#pragma once

#include <cstdint>

namespace reprise {

enum class node_state : std::uint8_t {
  ready,
  behind,      // the disk is behind: requests from outside are refused until it has caught up
  full,        // the disk has no room: the same, but reading goes on
  recovering,  // it is being opened, or reads again what a refused write left pending
  failed,      // it must be opened again, see node_options::on_failed
  closed,
};

}  // namespace reprise
