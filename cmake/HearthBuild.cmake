# How every part of Hearth is built: language, warnings, sanitizers, linker, and the one Asio
# configuration that all translation units must share with libtorrent.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# Our own assertions are always on (common/base/assert.h); NDEBUG only silences libraries. -O1: the
# bytes are moved by OpenSSL, libsodium, RocksDB, libtorrent and mpv; a third less time to compile.
# Rooms whose own loops matter ask for more (hearth_fast).
set(CMAKE_CXX_FLAGS_RELEASE "-O1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

option(HEARTH_NO_CCACHE "Compile everything anew, to measure how long that takes" OFF)
find_program(HEARTH_CCACHE ccache)
if(HEARTH_CCACHE AND NOT HEARTH_NO_CCACHE)
  # Without this ccache keeps nothing that uses a precompiled header, which is nearly every file.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${HEARTH_CCACHE}")
endif()
find_program(HEARTH_MOLD mold)
if(HEARTH_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

set(HEARTH_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, e.g. address,undefined")
if(HEARTH_SANITIZE)
  add_compile_options(-fsanitize=${HEARTH_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HEARTH_SANITIZE})
  # std::regex, instrumented: GCC PR105562
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
if(HEARTH_SANITIZE STREQUAL thread)
  # The thread sanitizer does not know fences; Asio hands its work over under mutexes as well.
  add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()

# Fuzzers (tests/fuzz) see which way an input takes only through code that is instrumented. clang
# cannot parse the Asio headers that are precompiled for everybody else.
option(HEARTH_FUZZ "Build the libFuzzer executables (clang)" OFF)
if(HEARTH_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()

add_compile_options(-Wall -Wextra -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                    -fstack-protector-strong)
# g++ 12 sees these where they are not, in inlined std::string and std::vector (GCC PR105329, 105651).
set(gcc_sees_ghosts -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
add_compile_options("$<$<CXX_COMPILER_ID:GNU>:${gcc_sees_ghosts}>")
# Half a gigabyte before the compiler looks for garbage: a tenth less time to compile.
add_compile_options("$<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=500000>")
# What libtorrent's CMake target exports; every file has it, so that one process has one Asio.
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_ENABLE_CANCELIO
                        BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                        HEARTH_VERSION="${PROJECT_VERSION}")
include_directories("${CMAKE_SOURCE_DIR}")

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.74 EXACT REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(simdjson 3.0 REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
find_package(CLI11 REQUIRED)
find_package(mimalloc REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
find_package(LibtorrentRasterbar 2.0 REQUIRED)
# Debian's library is built without assertions; with them its classes have another layout.
get_target_property(lt_definitions LibtorrentRasterbar::torrent-rasterbar
                    INTERFACE_COMPILE_DEFINITIONS)
list(FILTER lt_definitions EXCLUDE REGEX TORRENT_USE_ASSERTS)
set_target_properties(LibtorrentRasterbar::torrent-rasterbar PROPERTIES
                      INTERFACE_COMPILE_DEFINITIONS "${lt_definitions}")

# hearth_precompiled_kind(kind option): an object library with the headers of cmake/<kind>.h,
# compiled once for all targets that are compiled with the same option (empty: as everybody).
function(hearth_precompiled_kind kind option)
  add_library(${kind} OBJECT "${CMAKE_SOURCE_DIR}/cmake/hearth_pch.cpp")
  target_compile_options(${kind} PRIVATE $<$<CONFIG:Release>:${option}>)
  target_precompile_headers(${kind} PRIVATE "${CMAKE_SOURCE_DIR}/cmake/${kind}.h")
  target_link_libraries(${kind} PRIVATE nlohmann_json::nlohmann_json tl::expected spdlog::spdlog
                        Boost::headers Threads::Threads)
endfunction()
hearth_precompiled_kind(hearth_pch "")
hearth_precompiled_kind(hearth_fast_pch -O2)
hearth_precompiled_kind(hearth_test_pch -O0)
target_compile_definitions(hearth_test_pch PRIVATE
  HEARTH_SOURCE_DIR="${CMAKE_SOURCE_DIR}" HEARTH_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")

# hearth_precompiled(target): every target that is compiled as everybody has the headers from here.
function(hearth_precompiled target)
  target_precompile_headers(${target} REUSE_FROM hearth_pch)
endfunction()

# hearth_fast(target): for code of our own that works on every byte or every purchase.
function(hearth_fast target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O2>)
  set_target_properties(${target} PROPERTIES PRECOMPILE_HEADERS_REUSE_FROM hearth_fast_pch)
endfunction()

# hearth_busy(program): for a program whose threads pass thousands of small pieces of memory a second to
# each other: mimalloc gives and takes back what glibc's malloc does under locks (decision 0068).
function(hearth_busy program)
  if(NOT HEARTH_SANITIZE AND NOT HEARTH_FUZZ)  # those bring an allocator of their own
    target_link_libraries(${program} PRIVATE mimalloc)
  endif()
endfunction()

# hearth_quick_test(target): a test's own code waits for what it tests, so nothing is optimised in it.
function(hearth_quick_test target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O0>)
  target_compile_definitions(${target} PRIVATE
    HEARTH_SOURCE_DIR="${CMAKE_SOURCE_DIR}" HEARTH_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  target_precompile_headers(${target} REUSE_FROM hearth_test_pch)
endfunction()

# hearth_library(name LINKS …): a static library of every .cpp in this folder and below, except
# folders that have a CMakeLists.txt of their own, and except main files (*_main.cpp).
function(hearth_library name)
  cmake_parse_arguments(ARG "" "" "LINKS;PRIVATE_LINKS;DIRS" ${ARGN})
  set(sources)
  foreach(dir ${ARG_DIRS})
    file(GLOB found CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*.cpp")
    list(FILTER found EXCLUDE REGEX "_main\\.cpp$")
    list(APPEND sources ${found})
  endforeach()
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
    hearth_precompiled(${name})
  else()  # headers only
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${ARG_LINKS})
  endif()
endfunction()

# hearth_tests(name LINKS … DIRS …): one doctest executable, registered with ctest. FAST: its own
# loops are what takes time.
function(hearth_tests name)
  cmake_parse_arguments(ARG "FAST" "TIMEOUT" "LINKS;DIRS;LABELS" ${ARGN})
  if(NOT TARGET hearth_test_main)
    add_library(hearth_test_main OBJECT "${CMAKE_SOURCE_DIR}/tests/support/test_main.cpp")
  endif()
  set(sources)
  foreach(dir ${ARG_DIRS})
    file(GLOB found CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*.cpp")
    list(APPEND sources ${found})
  endforeach()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} hearth_test_main)
  if(ARG_FAST)
    hearth_precompiled(${name})
    target_compile_definitions(${name} PRIVATE HEARTH_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  else()
    hearth_quick_test(${name})
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()
