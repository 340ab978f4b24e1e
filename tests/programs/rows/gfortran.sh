# shellcheck shell=bash disable=SC2034
needs=gfortran
prepare() {
  cat >"$BESIDE/w.f90" <<'F'
program writers
  implicit none
  integer :: i, n
  real(8) :: v(1000)
  character(len=20) :: name
  call get_command_argument(1, name)
  v = [(i * 1.5d0, i = 1, 1000)]
  if (name == 'large') then
    open(10, file='records', form='unformatted')
    do i = 1, 2500
      write(10) v
    end do
    close(10)
    stop
  end if
  open(10, file='unformatted', form='unformatted')
  do i = 1, 300
    write(10) i, v(1:i)
  end do
  rewind(10)
  read(10) n
  backspace(10)
  write(10) 77, v(1:7)
  close(10)
  open(11, file='formatted')
  do i = 1, 20000
    write(11, '(i8,f14.5,a)') i, i / 3.0d0, ' record'
  end do
  close(11)
  open(11, file='formatted', position='append')
  write(11, *) 'appended'
  backspace(11)
  write(11, *) 'overwritten'
  close(11)
  open(12, file='direct', access='direct', recl=800)
  do i = 200, 1, -1
    write(12, rec=i) v(i:i+99)
  end do
  close(12)
  open(13, file='stream', access='stream', form='unformatted')
  do i = 1, 100
    write(13) v
  end do
  write(13, pos=5001) 1, 2, 3
  inquire(13, size=n)
  print *, n
  close(13)
  do i = 1, 3000
    write(*, '(a,i6)') 'to standard output', i
  end do
end program
F
  gfortran -O1 -o "$BESIDE/w" "$BESIDE/w.f90"
}
run() { "$BESIDE/w"; "$BESIDE/w" >stdout; }
title='Fortran unformatted records'
large() { "$BESIDE/w" large; }
