// vfork returns twice on the same stack, so it can't be called from a function of ours: the parent
// hands its files over, then this jumps to libc's own with the caller's return address in place.
        .text
        .globl  vfork, __vfork
        .type   vfork, %function
        .type   __vfork, %function
vfork:
__vfork:
        .cfi_startproc
#if defined(__x86_64__)
        endbr64
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        call    seqshim_before_vfork
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        jmp     *%rax
#elif defined(__aarch64__)
        stp     x29, x30, [sp, -16]!
        .cfi_adjust_cfa_offset 16
        .cfi_rel_offset x29, 0
        .cfi_rel_offset x30, 8
        bl      seqshim_before_vfork
        ldp     x29, x30, [sp], 16
        .cfi_adjust_cfa_offset -16
        .cfi_restore x29
        .cfi_restore x30
        mov     x16, x0                 // branch target identification takes this one for a call
        br      x16
#endif
        .cfi_endproc
        .size   vfork, .-vfork
        .size   __vfork, .-__vfork
        .section .note.GNU-stack, "", %progbits
