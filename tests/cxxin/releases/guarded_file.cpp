// As the first releases printed: the whole text stands in one guard, offsets are unsigned sums, types of views are named
// by their strides, tiles and views have fewer template arguments, nothing drains at the end.
#if __CCE_AICORE__ == 220 && defined(__DAV_C220_VEC__)
#include "pto/common/pto_instr.hpp"
using namespace pto;
__global__ AICORE void doubled_rows(__gm__ float* v1, __gm__ float* v2, int32_t v3) {
  unsigned v4 = 1024;
  unsigned v5 = 0;
  int32_t v6 = 16;
  int32_t v7 = 1;
  int64_t v8 = 0;
  int64_t v9 = 4096;
  using T = float;
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  for (int32_t v10 = 0; v10 < v3; v10 += v7) {
    unsigned v11 = (unsigned) v10;
    unsigned v12 = v11 * v4;
    unsigned v13 = v5 + v12;
    __gm__ float* v14 = v1 + v13;
    using GTShape_7000001 = pto::Shape<16, 64>;
    using GTStride_7000001 = pto::Stride<64, 1>;
    GTShape_7000001 v15 = GTShape_7000001();
    GTStride_7000001 v16 = GTStride_7000001();
    using GT_7000001 = GlobalTensor<float, GTShape_7000001, GTStride_7000001>;
    GT_7000001 v17 = GT_7000001(v14, v15, v16);
    Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null> v18;
    TASSIGN(v18, v8);
    Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null> v19;
    TASSIGN(v19, v9);
    wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    TLOAD(v18, v17);
    set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
    TADD(v19, v18, v18);
    set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    __gm__ float* v20 = v2 + v13;
    GT_7000001 v21 = GT_7000001(v20, v15, v16);
    TSTORE(v21, v19);
    set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  }
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  pipe_barrier(PIPE_ALL);
  return;
}
#endif
