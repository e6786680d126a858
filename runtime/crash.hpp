// Lets a dying process record which user code it died in.
//
// A node keeps, in its data folder, what each of its threads that runs user code is doing. When the
// process dies in one of them, a mark stays there, and the next open counts it against the message, the
// activity or the instance that was running: after `limits::max_crashes` it is set aside
// (cause::poison). A death without a mark (SIGKILL, power loss) is counted against nothing.
//
// `serve` calls this on fatal signals, on std::terminate and on exit from user code. A program that
// embeds a node calls it from its own handlers. Install them with SA_ONSTACK: each thread that runs
// user code has an alternate signal stack. A stack overflow is recorded for the right thread only if
// the guard of its stack is larger than the frame: `serve` gives its threads a guard of 1 MiB.

#pragma once

namespace reprise {

// Marks the calling thread as dying. Async-signal-safe. On a thread that runs no user code, all user
// code that was running becomes suspect: after the next open it runs one at a time, until the one that
// crashes the process alone is found. Does nothing in a child made by fork.
void mark_crash() noexcept;

// True while the calling thread is inside an operation, an orchestration or an activity.
// Async-signal-safe.
bool in_user_code() noexcept;

}  // namespace reprise
