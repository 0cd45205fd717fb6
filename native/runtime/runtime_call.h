#ifndef PLACARD_RUNTIME_RUNTIME_CALL_H_
#define PLACARD_RUNTIME_RUNTIME_CALL_H_

#include <functional>
#include <list>

namespace placard {

// A call into ONNX Runtime, while it lives. When the process exits, the library's static objects are destroyed although
// the pool's threads go on, and a network that still ran would use them: so exiting stops the calls that are under way and
// waits for their ends, and those that come later are not allowed.
class RuntimeCall {
 public:
  // `stop` makes the call end early; it is called at most once, on the thread that exits.
  explicit RuntimeCall(std::function<void()> stop = {});
  ~RuntimeCall();
  RuntimeCall(const RuntimeCall&) = delete;
  RuntimeCall& operator=(const RuntimeCall&) = delete;

  // False once the process exits: neither call the library nor release what it made.
  bool allowed() const { return allowed_; }

 private:
  bool allowed_;
  std::list<std::function<void()>>::iterator entry_;
};

// Exit handlers run in the reverse order of their registration, and the library makes static objects as late as in a
// network's first run: call this after whatever may have made some.
void StopRuntimeCallsBeforeLibraryExits();

// The same for what a call makes that is still under way: called on the main thread, it stops the calls before any exit
// handler runs. Does nothing on other threads.
void StopRuntimeCallsWithMainThread();

}  // namespace placard

#endif  // PLACARD_RUNTIME_RUNTIME_CALL_H_
