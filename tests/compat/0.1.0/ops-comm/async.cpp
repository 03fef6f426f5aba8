#include "pto/pto-inst.hpp"
using namespace pto;

template <typename Tensor>
static AICORE inline auto PTOAS__GLOBAL_TENSOR_DATA(Tensor &tensor) -> decltype(tensor.data()) {
  return tensor.data();
}

enum class PTOAutoSyncTailMode : int {
  kBarrierAll = 0,
  kSetWaitMte3ToSEvent0 = 1,
};

static AICORE inline void ptoas_auto_sync_tail(PTOAutoSyncTailMode mode = PTOAutoSyncTailMode::kBarrierAll) {
  if (mode == PTOAutoSyncTailMode::kSetWaitMte3ToSEvent0) {
    set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
    wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  } else {
    pipe_barrier(PIPE_ALL);
  }
}

template <typename Ptr>
static AICORE inline void PTOAS__DCCI_SINGLE_CACHE_LINE(Ptr ptr) {
  dcci((__gm__ void*)ptr, cache_line_t::SINGLE_CACHE_LINE);
}

extern "C" __global__ AICORE void async(__gm__ float* v1, __gm__ float* v2, __gm__ int8_t* v3) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v4 = 0;
  pto::Shape<1, 1, 1, 1, 128> v5 = pto::Shape<1, 1, 1, 1, 128>();
  pto::Stride<128, 128, 128, 128, 1> v6 = pto::Stride<128, 128, 128, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v7 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>((__gm__ float*) v1, v5, v6);
  pto::Shape<1, 1, 1, 1, 128> v8 = pto::Shape<1, 1, 1, 1, 128>();
  pto::Stride<128, 128, 128, 128, 1> v9 = pto::Stride<128, 128, 128, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND> v10 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 128>, pto::Stride<128, 128, 128, 128, 1>, pto::Layout::ND>((__gm__ float*) v2, v8, v9);
  Tile<TileType::Vec, int8_t, 1, 256, BLayout::RowMajor, 1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v11;
  uint64_t v12 = (uint64_t) v4;
  TASSIGN(v11, v12);
  pto::comm::AsyncSession v13;
  __gm__ uint8_t* v14 = reinterpret_cast<__gm__ uint8_t*>(v3);
  pto::comm::sdma::SdmaBaseConfig v15 = {32768ULL, 0ULL, 1u};
  pto::comm::BuildAsyncSession<pto::comm::DmaEngine::SDMA>(v11, v14, v13, 0u, v15, 0u);
  pto::comm::AsyncEvent v16 = pto::comm::TPUT_ASYNC<pto::comm::DmaEngine::SDMA>(v10, v7, v13);
  bool v17 = v16.Wait(v13);
  pto::comm::AsyncEvent v18 = pto::comm::TGET_ASYNC<pto::comm::DmaEngine::SDMA>(v7, v10, v13);
  bool v19 = v18.Test(v13);
  if (v17 & v19) {
    bool v20 = v18.Wait(v13);
  }
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

