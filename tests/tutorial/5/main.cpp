// The server. Its text gateway is a file; while the folder of that file is missing, it is down.

#include <fstream>
#include <utility>

#include <reprise/main.hpp>

#include "parcels.hpp"

namespace {

reprise::result<> send_text(parcels::Parcel::Reader parcel, reprise::attempt_context& here) {
  std::ofstream texts("gateway/texts", std::ios::app);
  texts << here.id() << ": to " << reprise::text_of(parcel.getPhone()) << ", your parcel is in "
        << reprise::text_of(parcel.getLocker()) << std::endl;
  if (!texts) return reprise::fail("the text gateway is down");
  return reprise::done;
}

}  // namespace

int main(int argc, char** argv) {
  reprise::application app;
  parcels::bind(app);
  app.bind(parcels::notify, send_text);
  return reprise::main(argc, argv, std::move(app));
}
