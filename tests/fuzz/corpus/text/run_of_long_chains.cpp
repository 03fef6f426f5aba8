#include  ÿo/-to;;
  class 
};

stati f(PIPE_S , ) 1* v2  ) {
while   (::2) f   (::ptoc.tail);
while   (::8192);
     wait_flag(PIPE_MTE1, PIPE_S,EVENT_ID0);   
}
#include