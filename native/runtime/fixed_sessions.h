#ifndef PLACARD_RUNTIME_FIXED_SESSIONS_H_
#define PLACARD_RUNTIME_FIXED_SESSIONS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/hot_shapes.h"
#include "runtime/session.h"

namespace placard {

// Sessions of one shape each, for providers that run those faster: made in the background, on a thread of low priority, for
// shapes that come often.
class FixedSessions : public std::enable_shared_from_this<FixedSessions> {
 public:
  // `input` is the name of the network's input, `weights_bytes` the size of its file.
  FixedSessions(const OnnxRuntime* runtime, NetworkOptions options, std::string input, int64_t weights_bytes);

  // The session for the shape or null; in that case one may be begun.
  std::shared_ptr<const Session> Use(const std::vector<int64_t>& shape);

  // Of the sessions that there are.
  std::vector<std::vector<int64_t>> shapes() const { return sessions_.shapes(); }

 private:
  void Make(const std::vector<int64_t>& shape, int64_t bytes);
  int64_t Bytes(const std::vector<int64_t>& shape) const;

  const OnnxRuntime* runtime_;
  const NetworkOptions options_;
  const std::string input_;
  const int64_t weights_bytes_;
  HotShapes<const Session> sessions_;
};

}  // namespace placard

#endif  // PLACARD_RUNTIME_FIXED_SESSIONS_H_
