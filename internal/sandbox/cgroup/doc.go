// Package cgroup makes, limits, reads, kills and removes control groups of our
// own on v1, v2 and hybrid hosts. Limits are runtime-spec LinuxResources and
// are applied by containerd/cgroups; figures are read here, through files held
// open, because the library turns a missing file into a zero.
//
// It touches no group that it did not create, except that on a delegated v2
// subtree the server itself moves into a leaf of that subtree.
package cgroup
