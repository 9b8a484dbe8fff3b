// hostile: 60
// task: typescript_add
// verdict: compile_error
// official: compile_error
// why: a right program whose types are wrong; upstream's compiler refuses it too

function add(x: number, y: number): number {
  const sum: string = x + y;
  return x + y;
}
