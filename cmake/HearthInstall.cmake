# `cmake --install`: programs, their manual pages and completions (made by the programs themselves,
# so that they cannot lag behind), systemd units. The ledger is a system service with a user of its
# own; a home's node is a service of the person whose home it is.

include(GNUInstallDirs)

set(hearth_programs hearth-ledgerd hearth-ledger hearthd hearth hearth-player)
install(TARGETS ${hearth_programs} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")

# hearth_install_output(file program words…): what `program words…` prints, as `file`.
function(hearth_install_output file program)
  string(JOIN "\" \"" words ${ARGN})
  install(CODE "
    set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${file}\")
    message(STATUS \"Installing: \${file}\")
    cmake_path(GET file PARENT_PATH dir)
    file(MAKE_DIRECTORY \"\${dir}\")
    execute_process(COMMAND \"${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${program}\" \"${words}\"
                    OUTPUT_FILE \"\${file}\" COMMAND_ERROR_IS_FATAL ANY)")
endfunction()

foreach(page hearth-ledger.1 hearth.1 hearth-player.1 hearth-ledgerd.8 hearthd.8)
  string(REGEX REPLACE "\\.[18]$" "" program ${page})
  string(REGEX MATCH "[18]$" section ${page})
  hearth_install_output(${CMAKE_INSTALL_MANDIR}/man${section}/${page} ${program} --manual)
endforeach()
hearth_install_output(${CMAKE_INSTALL_DATADIR}/bash-completion/completions/hearth-ledger
                      hearth-ledger completion bash)
hearth_install_output(${CMAKE_INSTALL_DATADIR}/zsh/site-functions/_hearth-ledger
                      hearth-ledger completion zsh)

foreach(unit system/hearth-ledgerd user/hearthd)
  cmake_path(GET unit FILENAME name)
  cmake_path(GET unit PARENT_PATH kind)
  configure_file("packaging/systemd/${name}.service.in"
                 "${CMAKE_BINARY_DIR}/packaging/${name}.service" @ONLY)
  install(FILES "${CMAKE_BINARY_DIR}/packaging/${name}.service" DESTINATION lib/systemd/${kind})
endforeach()
install(FILES packaging/systemd/hearth-ledger.sysusers DESTINATION lib/sysusers.d
        RENAME hearth-ledger.conf)
