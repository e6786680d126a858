#include "gateway/observe/otlp_exporter.hpp"

#include <curl/curl.h>
#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "gateway/observe/otlp_json.hpp"

namespace reprise::gateway {

namespace {

// Returns whether to retry: without an answer, and for the statuses that OTLP calls retryable.
bool is_worth_another(long status) noexcept {
  return status == 0 || status == 429 || status == 502 || status == 503 || status == 504;
}

std::string traces_below(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url + "/v1/traces";
}

}  // namespace

// One connection, reused for all requests.
class otlp_exporter::sender {
 public:
  explicit sender(const otlp_exporter& whose)
      : whose_(whose), url_(traces_below(whose.options_.endpoint)), handle_(::curl_easy_init()) {
    fields_ = ::curl_slist_append(nullptr, "Content-Type: application/json");
    if (handle_ == nullptr || fields_ == nullptr) return;
    ::curl_easy_setopt(handle_, CURLOPT_URL, url_.c_str());
    ::curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    ::curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, fields_);
    ::curl_easy_setopt(handle_, CURLOPT_USERAGENT, "reprise");
    ::curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &forget);
    ::curl_easy_setopt(handle_, CURLOPT_NOPROGRESS, 0L);
    ::curl_easy_setopt(handle_, CURLOPT_XFERINFODATA, this);
    ::curl_easy_setopt(handle_, CURLOPT_XFERINFOFUNCTION, &is_over);
  }
  ~sender() {
    ::curl_easy_cleanup(handle_);
    ::curl_slist_free_all(fields_);
  }
  sender(const sender&) = delete;
  sender& operator=(const sender&) = delete;

  // The HTTP status, 0 without one; `why` is empty on success.
  struct answer {
    long status = 0;
    std::string why;
  };
  answer post(const std::string& body) {
    if (handle_ == nullptr || fields_ == nullptr) return {0, "there is no memory"};
    const auto most = std::min(whose_.options_.patience, whose_.time_left());
    ::curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(most.count())));
    ::curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, body.data());
    ::curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    const auto code = ::curl_easy_perform(handle_);
    if (code != CURLE_OK) return {0, ::curl_easy_strerror(code)};
    answer given;
    ::curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &given.status);
    if (given.status / 100 != 2) given.why = "it answers " + std::to_string(given.status);
    return given;
  }

 private:
  static std::size_t forget(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
  }
  // Aborts a request in progress when the time for shutdown is up.
  static int is_over(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<sender*>(self)->whose_.time_left().count() <= 0 ? 1 : 0;
  }

  const otlp_exporter& whose_;
  const std::string url_;
  CURL* const handle_;
  ::curl_slist* fields_ = nullptr;
};

result<std::shared_ptr<otlp_exporter>> otlp_exporter::open(otlp_options o) {
  const auto& url = o.endpoint;
  const auto scheme = url.find("://");
  const bool known = url.starts_with("http://") || url.starts_with("https://");
  if (!known || scheme + 3 == url.size() || url.find_first_of(" \r\n\t") != std::string::npos)
    return failure{cause::invalid,
                   "the collector of traces must be given as http://HOST:PORT, not as " + url,
                   false};
  ::curl_global_init(CURL_GLOBAL_DEFAULT);  // reference-counted and thread-safe
  return std::shared_ptr<otlp_exporter>(new otlp_exporter(std::move(o)));
}

otlp_exporter::otlp_exporter(otlp_options o) : options_(std::move(o)), thread_([this] { run(); }) {}

otlp_exporter::~otlp_exporter() {
  {
    const std::lock_guard hold(mutex_);
    end_ = clock::now() + options_.last_words;
    ends_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

std::chrono::milliseconds otlp_exporter::time_left() const {
  const auto end = end_.load();
  if (end == clock::time_point::max()) return std::chrono::hours(1);
  return std::chrono::duration_cast<std::chrono::milliseconds>(end - clock::now());
}

void otlp_exporter::append(span one) {
  std::size_t count = 0;
  {
    const std::lock_guard hold(mutex_);
    if (waiting_.size() >= options_.waiting) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    waiting_.push_back(std::move(one));
    count = waiting_.size();
  }
  if (count == 1 || count == options_.batch) changed_.notify_one();
}

void otlp_exporter::run() {
  ::pthread_setname_np(::pthread_self(), "traces");
  sender to(*this);
  std::vector<span> batch;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    changed_.wait_for(lock, options_.pause,
                      [this] { return ends_ || waiting_.size() >= options_.batch; });
    const auto count = static_cast<std::ptrdiff_t>(std::min(options_.batch, waiting_.size()));
    batch.assign(std::make_move_iterator(waiting_.begin()),
                 std::make_move_iterator(waiting_.begin() + count));
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    lock.unlock();
    (deliver(to, batch) ? exported_ : dropped_) += batch.size();
    lock.lock();
  }
}

// At shutdown each batch gets one attempt, until the time is up.
bool otlp_exporter::deliver(sender& to, const std::vector<span>& batch) {
  const auto body = otlp_json(batch, options_.service);
  auto wait = options_.back_off;
  for (unsigned attempt = 1; time_left().count() > 0; ++attempt, wait *= 2) {
    const auto answer = to.post(body);
    note(answer.why);
    if (answer.why.empty()) return true;
    if (attempt >= options_.attempts || !is_worth_another(answer.status) || !rest(wait)) break;
  }
  return false;
}

bool otlp_exporter::rest(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, most, [this] { return ends_.load(); });
}

void otlp_exporter::note(const std::string& why) {
  if (takes_ == why.empty()) return;
  takes_ = why.empty();
  if (!options_.log) return;
  if (takes_)
    options_.log({log_level::info, "the collector of traces takes spans again"});
  else
    options_.log({log_level::warning, "spans are not taken by " + options_.endpoint + ": " + why +
                                          "; they are dropped when too many wait"});
}

}  // namespace reprise::gateway
