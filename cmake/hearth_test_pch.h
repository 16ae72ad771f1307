// Precompiled for the tests (cmake/HearthBuild.cmake).
#pragma once

#include "cmake/hearth_pch.h"

#include <doctest/doctest.h>
