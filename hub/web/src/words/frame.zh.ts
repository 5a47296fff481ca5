// Chinese words of what stands around every page, and of tables.
export const frame = {
  "hub": "总部", "skip": "跳到正文", "menu": "菜单", "language": "语言", "loading": "读取中…", "again": "再试一次", "save": "保存", "cancel": "取消", "close": "关闭", "edit": "修改", "yes": "是", "no": "否", "needed": "不能为空", "all": "全部",
  "confirm.do": "确定", "export": "导出 Excel", "export.reason": "用途", "export.noted": "含个人信息：谁、何时、为什么导出都会记入操作日志。", "export.do": "导出", "time": "时间", "branch": "门店", "member": "会员", "walk_in": "散客", "points": "积分", "till": "{n} 号机", "head_office": "总部", "all_branches": "全部门店", "list.and": "、", "version": "版本 {version} · {host}",
  "page.messages": "消息", "page.overview": "经营概览", "page.sales": "销售明细", "page.branches": "门店与设备", "page.members": "会员", "page.products": "商品与价格", "page.calls": "来电", "page.conflicts": "资料冲突", "page.exceptions": "异常处理", "page.import": "导入", "page.staff": "员工与权限", "page.settings": "设置",
  "search": "查找", "search.where": "查什么", "search.members": "查会员", "search.products": "查商品", "live.open": "实时", "live.cut": "连接断开，正在重连", "zone": "总部时间 UTC{ahead}", "release": "价表 v{n}", "not_allowed": "你没有打开这一页的权限。请联系管理员。",
  "recovering.title": "总部数据是从备份恢复的，正在向各门店取回", "recovering.text": "在每家门店交回它手上的总部记录之前，余额不会从总部原来的位置调出。收不到的门店可在“门店与设备”里确认放弃。", "disk_low": "服务器磁盘快满了。请技术员清理。",
  "sign_in.title": "登录总部", "sign_in.code": "工号", "sign_in.password": "密码", "sign_in.do": "登录", "sign_in.need_code": "请输入工号", "sign_in.need_password": "请输入密码", "sign_out": "退出登录",
  "second.title": "两步登录", "second.what": "登录时除密码外，再输入手机验证器（如 Google Authenticator、微软验证器）上的 6 位动态码。", "second.begin": "开始设置", "second.scan": "用验证器扫描下面的二维码，或手工输入密钥：", "second.code": "动态码", "second.code_or": "手机不在身边？输入一个恢复码。", "second.need_code": "请输入 6 位动态码", "second.prove": "验证并启用", "second.on": "两步登录已启用", "second.recovery": "请保存这些恢复码，每个只能用一次，以后不再显示：", "second.kept": "我已保存", "second.is_on": "两步登录已启用。停用需要输入密码。", "second.end": "停用两步登录",
  "password.change": "改密码", "password.old": "原密码", "password.new": "新密码（至少 10 位）", "password.least": "至少 10 位", "password.saved": "密码已改好",
  "broken.title": "页面出错了", "broken.again": "重新打开", "table.empty": "没有记录", "table.total": "共 {n} 条", "table.part": "显示最新 {shown} 条，共 {total} 条；导出可得全部",
  "span.moment": "不到 1 分钟", "span.minutes": "{n} 分钟", "span.hours": "{n} 小时", "span.days": "{n} 天", "as_of": "截至 {at}",
  "light.good": "正常", "light.warn": "要看一眼", "light.bad": "断开", "light.none": "未接入", "link.up": "实时", "link.down": "断开 {since}", "link.sealed": "已封存，等新主机接入", "link.never": "还没接入", "link.unsent": "未上传 {n}",
  "code": "{what}", "device.other": "{kind}",
  "device.text": "{name}：{what}", "device.name": "名称", "device.what": "情况", "device.todo": "怎么办", "device.since": "从何时起", "device.none": "没有设备，或门店还没上报",
} as const;
