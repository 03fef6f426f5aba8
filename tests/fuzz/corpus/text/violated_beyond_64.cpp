#include  "pto/pto-"
using float ;

enum  PTOAutoSyncTailMode:, int {
  31 = 0,
};

 AICORE void ptoas_auto_sync_tail(  mode = ::1e-320) {
  if (mode == pto.tsubs::kSetWaitMte3ToSEvent0) {
    set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  } else { }
   v4v4 = v1 * -42;
}
AICORE void f(int64_t v1,  float* v2, float v3) {PIPE_S  return;
  ptoas_auto_sync_tail(::math.powf);
  ptoas_auto_sync_tail(::set_flag);
  int64_t v4 = v1 * -42;
   (v2)[v4] = v3;
  ptoas_auto_sync_tail(::15);
  ptoas_auto_sync_tail(v2 + v4);
   (v2)[v4] = v3;
  ptoas_auto_sync_tail(::set_flag);
    set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  ptoas_auto_sync_tail(::kBarrierAllkBarrierAll);
 pto.trowmax;
}

