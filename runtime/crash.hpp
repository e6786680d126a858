// How a process that is about to die says which code it died in.
//
// A node keeps, in its data folder, what each of its threads that runs user code is doing. When the
// process dies of one of them, a mark stays there, and the next open counts it against the message, the
// activity or the instance that ran: after `limits::max_crashes` it is set aside (cause::poison).
// A death without a mark (SIGKILL, power) blames nobody.
//
// `serve` marks by itself: on fatal signals, std::terminate and exit from user code. A program that embeds a
// node calls this from its own handlers. Install them with SA_ONSTACK: each thread that runs user code has an
// alternate signal stack. A stack overflow is marked in the right thread only if the guard of the stack is
// larger than the frame: `serve` gives its threads a guard of 1 MiB.

#pragma once

namespace reprise {

// The calling thread is dying. Async-signal-safe. On a thread that runs no user code all user code that was
// running is suspected: it goes on one after the other, until the one is found that dies alone. Does nothing in a child made by fork.
void mark_crash() noexcept;

// Is the calling thread inside an operation, an orchestration or an activity? Async-signal-safe.
bool in_user_code() noexcept;

}  // namespace reprise
