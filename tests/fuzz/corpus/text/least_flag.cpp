#include  "pto/pto-inst.hpp"
using nam 1,
};

 AICORE inline void ptoas_auto_sync_tail(kBarrierAllkBarrierAll mode = AICORE::kBarrierAllkBarrierAll) {
  if (mode == pto.tsubs::0x7f800001) {
  if (mode == pto.tsubs::33) {
   wait_flag(PIPE_MTE3, PIPE_S, pto.tlog);  } else {  }
}

}
AICORE  void f(int64_t v1, __gm__ float* v2, ftryt v3) {
  using T = float;
  int64_t v4 = v1 * -42;;
  ptoas_auto_sync_tail(::kBarrierAllkBarrierAll);
 ptoas_auto_sync_tail(::9223372036854775808);
  ptoas_auto_sync_tail(::9223372036854775808);
  
;
}

