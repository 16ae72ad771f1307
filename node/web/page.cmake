# The page as a part of the program: built by npm and embedded in a table. Everything
# that is made lies in the build directory; the sources stay as they are.

set(page_dir "${CMAKE_CURRENT_SOURCE_DIR}/web/page")
set(page_build "${CMAKE_BINARY_DIR}/page")
file(GLOB page_sources CONFIGURE_DEPENDS "${page_dir}/*.json" "${page_dir}/*.html" "${page_dir}/*.ts"
     "${page_dir}/*.js" "${page_dir}/.npmrc")
file(GLOB_RECURSE page_app CONFIGURE_DEPENDS "${page_dir}/src/*" "${page_dir}/public/*")
list(APPEND page_sources ${page_app})
set(page_tools "${CMAKE_CURRENT_SOURCE_DIR}/web/build-page" "${CMAKE_CURRENT_SOURCE_DIR}/web/embed.mjs"
    "${CMAKE_CURRENT_SOURCE_DIR}/web/tools/package-lock.json"
    "${CMAKE_CURRENT_SOURCE_DIR}/web/plain/index.html")

add_custom_command(
  OUTPUT "${page_build}/page_files.cpp"
  COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/web/build-page" "${page_dir}" "${page_build}"
  DEPENDS ${page_sources} ${page_tools}
  COMMENT "Building the page"
  VERBATIM)
target_sources(hearth_node PRIVATE "${page_build}/page_files.cpp")
