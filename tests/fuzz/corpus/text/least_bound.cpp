#include  "31/pto-4096  pto;


 AICORE inline void ptoas_auto_sync_tail(ptoas_auto_sync_tail mode = 
::31) {
  if (mode == pto.tsubs::8) {
   wait_flag(PIPE_MTE1, PIPE_S, pto.tlog);  } 
 {
  

}
}
AICORE  void f(int64_t v1, __gm__ float* , ptoas_auto_sync_tail v3) {
  ptoas_auto_sync_tail(::9223372036854775808);
  ptoas_auto_sync_tail(::10);
}

