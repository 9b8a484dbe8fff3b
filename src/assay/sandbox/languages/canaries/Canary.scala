import java.net.Socket
import java.nio.file.{Files, Paths}
import scala.collection.mutable.ArrayBuffer
import scala.util.Try

object Canary {
  def main(args: Array[String]): Unit = {
    val words = scala.io.StdIn.readLine().split(" ")
    words(0) match {
      case "add" =>
        println(words(1).toInt + words(2).toInt)
        sys.exit(3)
      case "fail" => throw new IllegalStateException("failed")
      case "spin" => while (true) {}
      case "hog" =>
        val all = ArrayBuffer[Array[Byte]]()
        while (true) all += new Array[Byte](1 << 20)
      case "reach" =>
        println(if (Try(Files.readAllBytes(Paths.get(words(1)))).isSuccess) "file" else "no file")
        println(if (Try(new Socket("127.0.0.1", words(2).toInt)).isSuccess) "connection" else "no connection")
    }
  }
}
