// Chinese words of the device page.
export const technician = {
  "tech.title": "设备", "tech.back": "回收银页", "tech.forbidden": "设备页要技术员权限。请用有权限的工号登录。", "tech.devices": "已绑定的设备", "tech.no_devices": "还没有绑定设备。在下面选端口绑定。",
  "tech.ports": "找到的端口", "tech.no_ports": "没有找到端口。插上设备，几秒后会出现。", "tech.bytes": "实时数据", "tech.no_bytes": "还没有数据。刷一张卡、打一张纸，或打一个电话试试。", "tech.time": "时间", "tech.direction": "方向", "tech.in": "收", "tech.out": "发", "tech.hex": "字节（十六进制）", "tech.meaning": "含义",
  "tech.port": "端口", "tech.stable": "固定路径", "tech.label": "名称", "tech.used": "用于", "tech.free": "空闲", "tech.bind": "绑定", "tech.rebind": "改绑定", "tech.unbind": "解除绑定", "tech.test": "试打一张", "tech.tested": "试打：{state}",
  "tech.kind": "设备种类", "tech.name": "叫什么", "tech.address": "地址", "tech.address_hint": "固定路径，或网络打印机 tcp:192.168.1.50:9100", "tech.baud": "波特率", "tech.profile": "型号", "tech.save": "保存绑定", "tech.new": "绑定新设备", "tech.none": "不适用", "tech.tills": "打哪几号机的小票（如 1,2；没有指定的收银台用第一台打印机）", "tech.prints_for": "打 {tills} 号机的小票",
  "tech.since": "{at} 起", "tech.tries": "已重试 {n} 次", "tech.last_error": "最后一次故障", "tech.last_reading": "最后读到", "tech.todo": "怎么办",
  "tech.version": "程序版本 {version} · 主机 {host}", "tech.pause": "暂停", "tech.resume": "继续",
  "bytes.opened": "端口已打开：{said}", "bytes.ask_through": "问打印机：前面的都打完了吗（GS r）", "bytes.through": "打印机：前面的都打完了", "bytes.job": "打印内容，{said} 字节", "bytes.status": "打印机状态 {said}，没有异常",
  "bytes.automatic": "打印机自己报的状态 {said}", "bytes.flow": "流控（XON/XOFF）", "bytes.noise": "听不懂的字节 {said}", "bytes.no_glyph": "打印机没有这些字，印成“?”：{said}", "bytes.chip": "ID 卡 {said}",
  "bytes.stripe": "磁条卡，第 2 磁道 {said}", "bytes.same_card": "同一张卡，还没拿开", "bytes.bank_card": "银行卡：不收，号码没有留下", "bytes.unreadable": "读错：校验不对、有乱码或只读到一半", "bytes.no_card": "不是卡号", "bytes.card_dropped": "卡刷得太快，这张没有收下",
  "bytes.command": "命令 {said}", "bytes.done": "成功", "bytes.refused": "不支持", "bytes.ring": "响铃", "bytes.caller": "来电号码 {said}", "bytes.call_time": "来电时间 {said}", "bytes.damaged": "校验不对，不采用：{said}",
  "bytes.said": "{said}", "bytes.other": "{said}",
  "tills.title": "店内网络的收银台", "tills.none": "这台主机没有开放给店内网络：启动时加 --lan 0.0.0.0:7443。", "tills.open": "收银台浏览器打开", "tills.unnamed": "本机不能用名字广播，请用下面的数字地址。", "tills.numbers": "或", "tills.fingerprint": "证书指纹（SHA-256）", "tills.number": "收银台号", "tills.pair": "配对收银台", "tills.code": "{till} 号机的配对码（{at} 前有效）", "tills.since": "配对时间", "tills.by": "配对人", "tills.seen": "最后活动", "tills.not_seen": "主机启动后还没来过", "tills.end": "取消配对",
} as const;
