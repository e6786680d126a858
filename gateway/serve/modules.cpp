#include "gateway/serve/modules.hpp"

#include <dlfcn.h>

#include <exception>
#include <string_view>

#include "gateway/module.hpp"

namespace reprise::gateway {

namespace {

result<> load(const std::string& path, application& app) {
  const auto refused = [&](const std::string& why) {
    return failure{cause::invalid, "the module " + path + " " + why, false};
  };
  // Without a slash dlopen() would search the library path.
  const auto file = path.find('/') == std::string::npos ? "./" + path : path;
  void* const loaded = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (loaded == nullptr) return refused(std::string("cannot be loaded: ") + ::dlerror());
  const auto abi = reinterpret_cast<const char* (*)()>(::dlsym(loaded, "reprise_module_abi"));
  const auto bind =
      reinterpret_cast<void (*)(application&)>(::dlsym(loaded, "reprise_module_bind"));
  if (abi == nullptr || bind == nullptr)
    return refused("is none of Reprise: REPRISE_MODULE(bind) of <reprise/module.hpp> makes one");
  constexpr std::string_view ours = REPRISE_MODULE_ABI;
  if (abi() != ours)
    return refused("was built for \"" + std::string(abi()) + "\", and this program is \"" +
                   std::string(ours) + "\": build it again");
  try {
    bind(app);
  } catch (const std::exception& error) {
    return refused(std::string("cannot be bound: ") + error.what());
  }
  return done;
}

}  // namespace

result<> load_modules(const std::vector<std::string>& paths, application& app) {
  for (const auto& path : paths)
    if (auto loaded = load(path, app); !loaded) return loaded;
  return done;
}

}  // namespace reprise::gateway
