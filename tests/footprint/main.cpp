#define BOOST_TEST_MODULE footprint
#include <boost/test/unit_test.hpp>
