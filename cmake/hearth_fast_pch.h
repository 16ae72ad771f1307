// Precompiled for what is compiled with -O2 (cmake/HearthBuild.cmake).
#pragma once

#include "cmake/hearth_pch.h"
