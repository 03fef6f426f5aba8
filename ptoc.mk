# ptoc.mk: make rules for .pto kernels. In a makefile:
#
#     include $(shell pkg-config --variable=prefix ptoc)/share/ptoc/ptoc.mk
#     all: rmsnorm.cpp softmax.cpp
#
# x.cpp is made from x.pto and again when x.pto, the compiler or PTOCFLAGS change. ptoc writes a file completely or not
# at all; a failed rule leaves nothing behind that make could take for a result. Works with make -j.
#
#     PTOC        the compiler (default: ptoc)
#     PTOCFLAGS   its options for all files; set it before the include
#     PTOCFLAGS_x options for x.pto only (x: the target without .cpp)

PTOC ?= ptoc
PTOCFLAGS ?=

.DELETE_ON_ERROR:

# The program itself, so that a new compiler makes everything again; nothing when it is not a file make can find.
ptoc_program := $(shell command -v $(firstword $(PTOC)) 2>/dev/null)

ifneq ($(ptoc_program),)
# an empty rule, and not the first goal: it is not for make to build, whatever lies beside it
ptoc_goal := $(.DEFAULT_GOAL)
$(ptoc_program): ;
.DEFAULT_GOAL := $(ptoc_goal)
endif

# Holds the options of the last run; written only when they change.
ptoc_flags := $(strip $(PTOC) $(PTOCFLAGS))
ifneq ($(strip $(file < .ptoc-flags)),$(ptoc_flags))
$(file > .ptoc-flags,$(ptoc_flags))
endif
# an empty rule: make may have looked at the directory before the file was there
.ptoc-flags: ;

%.cpp: %.pto .ptoc-flags $(ptoc_program)
	$(PTOC) $(PTOCFLAGS) $(PTOCFLAGS_$*) -o $@ $<

# Check only: x.checked is made when the synchronisation of x.pto is proved.
%.checked: %.pto .ptoc-flags $(ptoc_program)
	$(PTOC) --check $(PTOCFLAGS) $(PTOCFLAGS_$*) $<
	@touch $@
