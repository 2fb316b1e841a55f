# Which instruction set each kernels_<level>.c is compiled for; core/num/kernels.c chooses among them at run time. The
# levels use vector types and explicit fused operations, so nothing is left to automatic vectorisation or contraction.
# SPDX-License-Identifier: GPL-3.0-or-later
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
  set_source_files_properties(${PROJECT_SOURCE_DIR}/core/num/kernels_avx2.c PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma")
  set_source_files_properties(${PROJECT_SOURCE_DIR}/core/num/kernels_avx512.c PROPERTIES
    COMPILE_OPTIONS "-mavx512f;-mavx512dq;-mfma")
endif()
