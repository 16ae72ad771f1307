// What the measuring programs share: medians, percentiles, processor time of other processes, and
// a table that people can read. Not for tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace hearth::bench {

/// Of a copy, sorted; 0 when empty.
double median(std::vector<double> values);
/// `part` 0..1; nearest rank; 0 when empty.
double percentile(std::vector<double> values, double part);

/// Seconds of processor time that a process and those of its children that have ended used.
double cpu_seconds(pid_t pid);
/// The same of a process and its living children.
double cpu_seconds_of_family(pid_t pid);
/// Of this process.
double own_cpu_seconds();
/// Seconds of a steady clock.
double seconds_now();

/// Columns as wide as their widest cell; numbers (cells that begin with a digit) to the right.
std::string table(const std::vector<std::vector<std::string>>& rows);
/// "7,401" for 7401.4
std::string whole(double value);
/// "3.42" with so many digits after the point.
std::string fixed(double value, int digits);

}  // namespace hearth::bench
