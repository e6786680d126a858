# Installs what `program` prints of itself: the manual to `man` below the prefix, completions below `share`.
# `written` is a folder for them.
function(install_printed folder name)
  file(MAKE_DIRECTORY ${written})
  execute_process(COMMAND ${program} ${ARGN} OUTPUT_FILE ${written}/${name} COMMAND_ERROR_IS_FATAL ANY)
  if(name MATCHES "\\.1$")
    execute_process(COMMAND gzip -9nf ${written}/${name} COMMAND_ERROR_IS_FATAL ANY)
    string(APPEND name .gz)
  endif()
  file(INSTALL ${written}/${name} DESTINATION ${CMAKE_INSTALL_PREFIX}/${folder})
endfunction()

install_printed(${man} reprise.1 man)
install_printed(${share}/bash-completion/completions reprise completion bash)
install_printed(${share}/zsh/vendor-completions _reprise completion zsh)
install_printed(${share}/fish/vendor_completions.d reprise.fish completion fish)
